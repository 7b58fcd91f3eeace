"""Runs clang-tidy over the compile commands of the preset `tidy`, in parallel.

usage: ci/tidy.py CLANG_TIDY [FILE...]

What passed once is not run again while the file, the project's headers that it includes (directly
or not), its compile command, .clang-tidy and the version of clang-tidy are the same:
build/tidy-cache has an empty file by the hash of all that. ci/lint.sh calls this.
"""

import concurrent.futures
import hashlib
import json
import os
import pathlib
import re
import subprocess
import sys
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
BUILD = ROOT / "build" / "tidy"
CACHE = ROOT / "build" / "tidy-cache"
INCLUDE = re.compile(rb'^\s*#\s*include\s*"([^"]+)"', re.MULTILINE)
NOISE = re.compile(r"^\d+ warnings? .*generated\.\n", re.MULTILINE)

# clang 14 knows C++20's coroutines, but does not say so in the way that Asio and libstdc++ ask.
EXTRA = [
    "-D__cpp_impl_coroutine=201902L",
    "-DASIO_HAS_CO_AWAIT=1",
    "-DASIO_HAS_STD_COROUTINE=1",
    "-Wno-unknown-warning-option",
]


def includes_of(source, seen):
    """Adds `source` and every header of the project that it reaches to `seen`."""
    if source in seen or not source.is_file():
        return
    seen.add(source)
    for name in INCLUDE.findall(source.read_bytes()):
        includes_of(ROOT / name.decode(), seen)


def key_of(source, command, version):
    """The hash of everything that clang-tidy's answer depends on."""
    files = set()
    includes_of(source, files)
    digest = hashlib.sha256("\0".join([version, command, *EXTRA]).encode())
    for path in [ROOT / ".clang-tidy", *sorted(files)]:
        digest.update(f"\0{path.relative_to(ROOT)}\0".encode() + path.read_bytes())
    return digest.hexdigest()


def check(tool, source, key):
    """Runs clang-tidy on one file. Returns its findings, empty when there are none, and seconds."""
    start = time.monotonic()
    extra = [f"--extra-arg={argument}" for argument in EXTRA]
    command = [tool, "-p", str(BUILD), "--quiet", *extra, str(source)]
    run = subprocess.run(command, capture_output=True, text=True, cwd=ROOT)
    if run.returncode == 0:
        (CACHE / key).touch()
        return "", time.monotonic() - start
    errors = NOISE.sub("", run.stderr)
    return run.stdout + errors or f"exit code {run.returncode}\n", time.monotonic() - start


def sources(wanted):
    """The project's own translation units and their compile commands; only `wanted`, if any."""
    entries = json.loads((BUILD / "compile_commands.json").read_text())
    commands = {pathlib.Path(entry["file"]): entry["command"] for entry in entries}
    own = {file: line for file, line in commands.items() if BUILD.parent not in file.parents}
    if not wanted:
        # Tests are read by the compiler's warnings alone: GoogleTest's macros cost minutes here and hide nothing.
        return {file: line for file, line in own.items() if not file.name.endswith("_test.cpp")}
    chosen = {pathlib.Path(name).resolve() for name in wanted}
    for stranger in chosen - own.keys():
        sys.exit(f"{stranger}: no target compiles it, so clang-tidy cannot check it")
    return {file: own[file] for file in chosen}


def main(tool, *wanted):
    CACHE.mkdir(parents=True, exist_ok=True)
    version = subprocess.run([tool, "--version"], capture_output=True, text=True, check=True).stdout
    commands = sources(wanted)
    if not commands:
        sys.exit("no compile commands: nothing was checked")
    keys = {file: key_of(file, command, version) for file, command in commands.items()}
    todo = [file for file in keys if not (CACHE / keys[file]).exists()]
    failed = 0
    with concurrent.futures.ThreadPoolExecutor(len(os.sched_getaffinity(0))) as pool:
        runs = {pool.submit(check, tool, file, keys[file]): file for file in sorted(todo)}
        for number, run in enumerate(concurrent.futures.as_completed(runs), 1):
            findings, seconds = run.result()
            failed += bool(findings)
            name = runs[run].relative_to(ROOT)
            print(f"[{number}/{len(todo)}] {name} {seconds:.1f} s\n{findings}", end="", flush=True)
    if failed:
        sys.exit(f"clang-tidy: {failed} of {len(commands)} files have findings")
    known = len(commands) - len(todo)
    print(f"== clang-tidy: {len(commands)} files are fine, {known} of them known before")


if __name__ == "__main__":
    main(*sys.argv[1:])
