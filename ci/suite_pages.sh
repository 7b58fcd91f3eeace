#!/usr/bin/env bash
# The page of each suite, scenarios/*/README.md, made from the suites and the fault matrix.
#   ci/suite_pages.sh --write [--binary FILE]    writes them anew
#   ci/suite_pages.sh [--binary FILE]            fails where one is not what would be written
source "$(dirname "$0")/common.sh"

write=false
if [[ ${1:-} == --write ]]; then
  write=true
  shift
fi
binary=build/dev/dialtone
if [[ ${1:-} == --binary && $# == 2 ]]; then
  binary=$2
elif (($# > 0)); then
  die "usage: ci/suite_pages.sh [--write] [--binary FILE]"
fi
[[ -x $binary ]] || die "$binary is not there: build it first"

# page SUITES: their page, on stdout.
page() {
  printf '# Suites: %s\n\nMade by ci/suite_pages.sh from the suites of this directory and from the fault matrix.\n\n' "$1"
  "$binary" describe "scenarios/$1" --matrix fixtures/fault_matrix.json
}

for directory in scenarios/*/; do
  name=$(basename "$directory")
  if $write; then
    page "$name" >"$directory/README.md"
  else
    page "$name" | diff -u "$directory/README.md" - ||
      die "scenarios/$name/README.md is out of date: ci/suite_pages.sh --write"
  fi
done
