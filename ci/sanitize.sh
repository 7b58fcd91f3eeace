#!/usr/bin/env bash
# Builds and tests under the sanitizers. `ci/sanitize.sh asan` or `tsan` does one of them.
source "$(dirname "$0")/common.sh"

ci/deps.sh
export ASAN_OPTIONS=detect_stack_use_after_return=1:strict_string_checks=1
export UBSAN_OPTIONS=print_stacktrace=1
export TSAN_OPTIONS=second_deadlock_stack=1

# g++ 12's thread sanitizer cannot map its shadow memory where the kernel randomises addresses with
# more than 28 bits ("unexpected memory mapping"), so randomisation is off where that is permitted.
plainly=()
if setarch --addr-no-randomize true 2>/dev/null; then plainly=(setarch --addr-no-randomize); fi

presets=("$@")
if (($# == 0)); then presets=(asan tsan); fi
for preset in "${presets[@]}"; do
  say "$preset"
  configure "$preset"
  "${plainly[@]}" cmake --build --preset "$preset"
  "${plainly[@]}" ctest --preset "$preset" -j "$(nproc)"
done
