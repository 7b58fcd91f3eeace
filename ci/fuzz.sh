#!/usr/bin/env bash
# Builds the fuzzers with clang and runs each for a while; what the repository has of its kind is what it begins with.
#   ci/fuzz.sh [SECONDS [FUZZER...]]     60 seconds each, all of them; ends at the first input that breaks one
source "$(dirname "$0")/common.sh"

seconds=${1:-60}
[[ $seconds =~ ^[1-9][0-9]*$ ]] || die "usage: ci/fuzz.sh [SECONDS [FUZZER...]]"
fuzzers=("${@:2}")

ci/deps.sh --fuzz
configure fuzz
cmake --build --preset fuzz
if ((${#fuzzers[@]} == 0)); then mapfile -t fuzzers < <(cd build/fuzz/fuzz && printf '%s\n' *_fuzz); fi

# seed DIRECTORY FUZZER: what it begins with. The event log is that of a run of the fuzzer's own tree,
# where one was built.
seed() {
  case $2 in
    json_source_fuzz | load_suite_fuzz) cp scenarios/*/*.json fixtures/profiles/*.json "$1" ;;
    log_fuzz)
      if [[ -x build/dev/dialtone ]]; then
        build/dev/dialtone run scenarios/article -q --filter 'ART-0*' --fault linger0 --retries 1 --report ndjson="$1/log" || true
      fi
      ;;
    *) : ;;
  esac
}

for fuzzer in "${fuzzers[@]}"; do
  [[ -x build/fuzz/fuzz/$fuzzer ]] || die "there is no fuzzer '$fuzzer'"
  corpus=build/fuzz/corpus/$fuzzer
  mkdir -p "$corpus" build/fuzz/seeds/"$fuzzer"
  seed build/fuzz/seeds/"$fuzzer" "$fuzzer"
  say "$fuzzer for $seconds s"
  build/fuzz/fuzz/"$fuzzer" -max_total_time="$seconds" -timeout=20 -rss_limit_mb=2048 -print_final_stats=1 -verbosity=0 \
    -artifact_prefix=build/fuzz/found- "$corpus" build/fuzz/seeds/"$fuzzer"
done
