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
    json_source_fuzz | load_suite_fuzz)
      for file in scenarios/*/*.json fixtures/profiles/*.json; do cp "$file" "$1/${file//\//_}"; done
      ;;
    log_fuzz)
      if [[ -x build/dev/dialtone ]]; then
        build/dev/dialtone run scenarios/article -q --filter 'ART-4*' --fault linger0 --retries 1 --report ndjson="$1/log" || true
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
  log=build/fuzz/$fuzzer.log
  if ! build/fuzz/fuzz/"$fuzzer" -max_total_time="$seconds" -timeout=20 -rss_limit_mb=2048 \
    -artifact_prefix=build/fuzz/found- "$corpus" build/fuzz/seeds/"$fuzzer" >"$log" 2>&1; then
    tail -n 60 "$log"
    die "$fuzzer found something; the whole log is $log"
  fi
  say "$fuzzer: $(grep '^Done ' "$log")"
done
