#!/usr/bin/env bash
# From a fresh checkout to a verdict: installs, builds, runs the article suite against the built-in
# server. Arguments go to `dialtone run`. Leaves build/reports/article.xml also when a check fails.
source "$(dirname "$0")/common.sh"

ci/deps.sh --build-only
say "building"
configure release -DDIALTONE_BUILD_TESTS=OFF
cmake --build --preset release --target dialtone

say "running the article suite"
reports=build/reports
mkdir -p "$reports"
rm -f "$reports/article.xml"
code=0
build/release/dialtone run scenarios/article --report "junit=$reports/article.xml" "$@" || code=$?

say "reports"
for report in "$reports"/*; do
  if [[ -f $report ]]; then echo "$PWD/$report"; fi
done
exit "$code"
