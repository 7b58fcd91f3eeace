# Sourced by the scripts of this directory: runs the article suite in shards, each under an engine
# that divides tests, and holds what is merged against the run that was not divided.
# shellcheck shell=bash
source "$(dirname "${BASH_SOURCE[0]}")/../common.sh"

dialtone=$(realpath "${1:?usage: $0 DIALTONE}")
suites=$PWD/scenarios/article
export dialtone suites
work=$(mktemp -d)
started=()

# What was started here is ended by its process id, the last one first.
clean_up() {
  local index
  for ((index = ${#started[@]} - 1; index >= 0; --index)); do
    kill "${started[index]}" 2>/dev/null || true
    wait "${started[index]}" 2>/dev/null || true
  done
  chmod -R u+w "$work"
  rm -rf "$work"
}
trap clean_up EXIT

# need PROGRAM PACKAGE: without it, CTest is told to skip this test.
need() {
  command -v "$1" >/dev/null && return
  printf 'skipped: there is no %s (Debian: %s)\n' "$1" "$2"
  exit 77
}

# await SECONDS COMMAND...: until the command succeeds.
await() {
  local end=$((SECONDS + $1))
  shift
  until "$@"; do
    ((SECONDS < end)) || return 1
    sleep 0.2
  done
}

# test_points TAP: the scenarios of a report, in their order, each with its verdict.
test_points() { grep -E '^(not )?ok ' "$1"; }

# compare_with_whole LOG...: the shards' logs give what the whole run gives.
compare_with_whole() {
  "$dialtone" run "$suites" --quiet --report "tap:13=$work/whole.tap" ||
    die "the whole run fails"
  "$dialtone" merge "$@" --report "tap:13=$work/merged.tap" --report "junit=$work/merged.xml"
  diff <(test_points "$work/whole.tap") <(test_points "$work/merged.tap") ||
    die "the shards together are not the whole"
  say "$# shards, $(test_points "$work/merged.tap" | wc -l) scenarios: as in the whole run"
}
