#!/usr/bin/env bash
# Measures Dialtone beside a bare epoll client, both against the same server, and prints a table.
# It judges nothing: the exit code says only whether there is a table.
#   ci/bench.sh [--rounds N]     five interleaved rounds by default; about two minutes
source "$(dirname "$0")/common.sh"

rounds=5
if [[ ${1:-} == --rounds ]]; then rounds=${2:?--rounds needs a number}; fi

ci/deps.sh --bench
configure release -DDIALTONE_BUILD_TESTS=OFF -DDIALTONE_BUILD_BENCH=ON
cmake --build --preset release --target dialtone bench_programs
python3 ci/bench/generate.py build/bench
# The bound is for a machine on which everything hangs; each command has a shorter one of its own.
timeout --signal=INT --kill-after=10 900 \
  python3 ci/bench/measure.py build/release build/bench "$rounds"
python3 ci/bench/report.py build/bench/results.json
