#!/usr/bin/env bash
# Installs a build into a directory of its own, moves that, and builds fixtures/examples/cmake against it:
# each scenario is a test of CTest there, with its labels; one fails, one is skipped.
#   ci/find_package_test.sh BUILD_DIRECTORY
# shellcheck disable=SC2016  # names with a dollar in them are meant as they stand
source "$(dirname "$0")/common.sh"

(($# == 1)) || die "usage: ci/find_package_test.sh BUILD_DIRECTORY"
build=$(realpath "$1")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cmake --install "$build" --prefix "$work/first" >"$work/install.log"
mv "$work/first" "$work/moved here"
prefix="$work/moved here"

cp -r fixtures/examples/cmake "$work/example"
cd "$work/example"

# expect WHAT EXPECTED ACTUAL: the two texts are the same.
expect() {
  [[ $2 == "$3" ]] || die "$1:
$(diff <(echo "$2") <(echo "$3"))"
}

# tests DIRECTORY [ARGUMENT...]: each test as "name labels time-out", sorted.
tests() {
  ctest --test-dir "$1" --show-only=json-v1 "${@:2}" | python3 -c '
import json, sys
for test in json.load(sys.stdin)["tests"]:
    properties = {each["name"]: each["value"] for each in test["properties"]}
    print(test["name"], ",".join(properties.get("LABELS", [])), properties.get("TIMEOUT"))' | sort
}

# results DIRECTORY [ARGUMENT...]: each test as "name result", sorted, after running them.
results() {
  ctest --test-dir "$1" "${@:2}" --output-junit "$work/junit.xml" >"$work/ctest.log" 2>&1 || true
  python3 -c '
import sys, xml.etree.ElementTree as xml
for case in xml.parse(sys.argv[1]).getroot().iter("testcase"):
    print(case.get("name"), case.get("status"))' "$work/junit.xml" | sort
}

say "the example"
cmake -B build -DCMAKE_PREFIX_PATH="$prefix" >"$work/configure.log"
cmake --build build >"$work/build.log"
expect "its tests" "ping.ping/PING-1 MUST,ping,quick,wire 60.0
ping.ping/PING-2 MUST,ping,wire 60.0
ping.ping/PING-3 SHOULD,ping,wire 60.0
robust.framing/ROB-01 MUST,robust,robust.framing,wire 120.0
robust.framing/ROB-40 SHOULD,robust,robust.framing,wire 120.0" "$(tests build)"
expect "what becomes of them" "ping.ping/PING-1 run
ping.ping/PING-2 fail
ping.ping/PING-3 notrun
robust.framing/ROB-01 run
robust.framing/ROB-40 run" "$(results build)"
grep -q 'PING-3 (Skipped)' "$work/ctest.log" || die "PING-3 is not skipped: $(cat "$work/ctest.log")"
expect "a label chooses" "ping.ping/PING-1 run" "$(results build -L quick)"

say "a suite that changes needs no new configuration"
sed -i 's/"PING-3"/"PING-4"/' suites/ping.json
expect "the new name" "ping.ping/PING-4 SHOULD,ping,wire 60.0" "$(tests build -R 'PING-[34]')"
sed -i 's/"expect"/"expct"/' suites/ping.json
expect "one test that fails" "ping.dialtone-1: discovery failed fail" "$(results build -R '^ping')"
grep -q "unknown step 'expct'" "$work/ctest.log" || die "the mistake is not told: $(cat "$work/ctest.log")"

say "names with special characters, and a generator of many configurations"
mkdir -p "odd (dir) é/suites"
cd "odd (dir) é"
cat >suites/odd.json <<'END'
{ "suite": "o\"d;d [$HOME] ${x} \\n)", "scenarios": [
  { "id": "O-1", "tags": ["t;1", "[t2"], "steps": [{ "connect": "c" }] },
  { "id": "O-2", "steps": [{ "connect": "c" }, { "send": "x" }, { "expect": "${odd}" }] }] }
END
cat >CMakeLists.txt <<'END'
cmake_minimum_required(VERSION 3.25)
project(odd LANGUAGES NONE)
enable_testing()
find_package(Dialtone 0.1 CONFIG REQUIRED)
dialtone_discover_tests(
  SUITES suites TEST_PREFIX "p ]] \"q\" " LABELS "a b" VARS "odd=x;y \"]=]\" \${z}"
  FAULT cut-last PROPERTIES ENVIRONMENT "A=b;C=d" EXTRA_ARGS --strict)
END
cmake -G 'Ninja Multi-Config' -B build -DCMAKE_PREFIX_PATH="$prefix" >"$work/configure.log"
expect "odd tests" 'p ]] "q" o"d;d [$HOME] ${x} \n)/O-1 (t2,MUST,a b,o"d,d ($HOME) ${x} \n),t,1 120.0
p ]] "q" o"d;d [$HOME] ${x} \n)/O-2 MUST,a b,o"d,d ($HOME) ${x} \n) 120.0' "$(tests build -C Release)"
expect "their words" '--var|odd=x;y "]=]" ${z}|--strict' "$(ctest --test-dir build -C Debug --show-only=json-v1 |
  python3 -c 'import json, sys; print("|".join(json.load(sys.stdin)["tests"][1]["command"][-3:]))')"
expect "their results" 'p ]] "q" o"d;d [$HOME] ${x} \n)/O-1 run
p ]] "q" o"d;d [$HOME] ${x} \n)/O-2 fail' "$(results build -C Release)"

say "mistakes"
for mistake in 'TARGET a' 'NONSENSE SUITES a' 'SUITES a PROPERTIES TIMEOUT' 'SUITES a TARGET'; do
  printf '%s\n' 'cmake_minimum_required(VERSION 3.25)' 'project(odd LANGUAGES NONE)' \
    'find_package(Dialtone REQUIRED)' "dialtone_discover_tests($mistake)" >CMakeLists.txt
  if cmake -B mistake -DCMAKE_PREFIX_PATH="$prefix" >"$work/configure.log" 2>&1; then
    die "no error: dialtone_discover_tests($mistake)"
  fi
  grep -q 'dialtone_discover_tests: ' "$work/configure.log" || die "$(cat "$work/configure.log")"
done
printf '%s\n' 'cmake_minimum_required(VERSION 3.25)' 'project(odd LANGUAGES NONE)' \
  'find_package(Dialtone 9 REQUIRED)' >CMakeLists.txt
if cmake -B mistake -DCMAKE_PREFIX_PATH="$prefix" >"$work/configure.log" 2>&1; then
  die "version 9 was found"
fi
say "find_package: each scenario is a test"
