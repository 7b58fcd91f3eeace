#!/usr/bin/env bash
# Shell scripts pass shellcheck, headers are self-contained, C++ passes clang-tidy.
# `ci/lint.sh FILE...` runs clang-tidy alone, on these files.
source "$(dirname "$0")/common.sh"

configure tidy -DDIALTONE_BUILD_BENCH=ON
if (($# > 0)); then exec python3 ci/tidy.py "$(versioned clang-tidy 14)" "$@"; fi

mapfile -t scripts < <(project_files '*.sh' '.ci/run')
((${#scripts[@]} > 0)) || die "no shell scripts found: nothing was checked"
shellcheck --external-sources --source-path=SCRIPTDIR "${scripts[@]}"
say "shellcheck: ${#scripts[@]} scripts are fine"

cmake --build --preset tidy --target all_verify_interface_header_sets
say "headers: each compiles by itself"

python3 ci/tidy.py "$(versioned clang-tidy 14)"
