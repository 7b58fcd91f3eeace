#!/usr/bin/env bash
# Runs the command blocks of README.md and compares their output: ci/docs_test.py says how.
#   ci/docs_test.sh [--binary FILE] [DOCUMENT...]     the release build's program by default
source "$(dirname "$0")/common.sh"

binary=build/release/dialtone
if [[ ${1:-} == --binary ]]; then
  (($# >= 2)) || die "usage: ci/docs_test.sh [--binary FILE] [DOCUMENT...]"
  binary=$2
  shift 2
fi
[[ -x $binary ]] || die "$binary is not there: build it first"
documents=("$@")
if (($# == 0)); then documents=(README.md); fi

# The blocks run in a copy, so that they may write where they like.
copy=$(mktemp -d)
trap 'rm -rf "$copy"' EXIT
project_files '*' | tar --create --files-from=- | tar --extract --directory "$copy"
python3 ci/docs_test.py "$(realpath "$binary")" "$copy" "${documents[@]}"
