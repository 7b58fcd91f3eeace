#!/usr/bin/env bash
# Everything a change must pass: format, build without warnings, lint, README, every test.
# Ends with ctest's closing lines.
source "$(dirname "$0")/common.sh"

ci/deps.sh
ci/check_format.sh
say "building"
configure dev
cmake --build --preset dev
ci/lint.sh
ci/docs_test.sh --binary build/dev/dialtone
ci/suite_pages.sh
say "testing"
# Most of the slow tests wait for deadlines to pass: twice as many as processors.
ctest --preset dev -j "$(($(nproc) * 2))" "$@"
