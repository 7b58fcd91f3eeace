"""Runs Dialtone and the bare client in turn against one server; writes DIRECTORY/results.json.

usage: ci/bench/measure.py BUILD DIRECTORY ROUNDS

Both are timed by the same stopwatch, from fork to exit, so start-up and exit count for both.
The order alternates from round to round, and a first round, to warm up, is thrown away.
No pacing is needed: the server closes first, so TIME_WAIT is its own, and the kernel lets a new
connection take over a port in that state (100,000 conversations in a row met no refusal).
"""

import json
import os
import pathlib
import platform
import re
import signal
import subprocess
import sys

LIMIT = 60  # seconds a command
IN_FLIGHT = {1: 4000, 16: 10000, 256: 10000}  # conversations a round, by how many at once
STARTS = 5  # of each program a round
COUNTED = 2000  # conversations under strace and callgrind, less those of a run of half as many


class Bench:
    def __init__(self, build, directory):
        self.build = pathlib.Path(build).resolve()
        self.directory = pathlib.Path(directory).resolve()
        self.problems = {}
        self.server = subprocess.Popen(
            [self.build / "ci" / "bench_server"], text=True, stdin=subprocess.PIPE,
            stdout=subprocess.PIPE)
        self.port = self.server.stdout.readline().strip()

    def stop(self):
        """The server ends when its standard input does."""
        self.server.stdin.close()
        self.server.wait(LIMIT)

    def bare(self, count, in_flight):
        program = self.build / "ci" / "bare_client"
        return [program, "127.0.0.1", self.port, str(count), str(in_flight)]

    def dialtone(self, what, *options):
        return [self.build / "dialtone", "run", self.directory / what, "--target",
                f"127.0.0.1:{self.port}", "-q", *options]

    def talk(self, count, in_flight, *options):
        amount = ["--jobs", str(in_flight), "--repeat", str(count)]
        return self.dialtone("talk.json", *amount, *options)

    def execute(self, name, command):
        """Runs a command in a process group of its own. False, and a note of why, if it failed."""
        process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                                   stderr=subprocess.PIPE, start_new_session=True)
        try:
            errors = process.communicate(timeout=LIMIT)[1].decode(errors="replace").strip()
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.communicate()
            self.problems[name] = f"not finished after {LIMIT} s"
            return False
        if process.returncode != 0:
            last = errors.splitlines()[-1] if errors else "no message"
            self.problems[name] = f"exit code {process.returncode}: {last}"
        return process.returncode == 0

    def timed(self, name, command):
        """Wall and processor seconds and peak memory in KiB of a command; None if it failed."""
        out = self.directory / "stopwatch.out"
        if not self.execute(name, [self.build / "ci" / "stopwatch", out, *command]):
            return None
        wall, user, system, peak, _ = map(int, out.read_text().split())
        return {"wall": wall / 1e6, "cpu": (user + system) / 1e6, "peak": peak}

    def system_calls(self, name, command):
        """How many system calls a command makes, its threads included."""
        out = self.directory / "strace.out"
        if not self.execute(name, ["strace", "-f", "-c", "-U", "calls,name", "-o", out, *command]):
            return None
        return self.total(name, out, r"^\s*(\d+) total$")

    def instructions(self, name, command):
        """How many instructions a command executes in user mode."""
        out = self.directory / "callgrind.out"
        tool = ["valgrind", "--quiet", "--tool=callgrind", f"--callgrind-out-file={out}"]
        if not self.execute(name, [*tool, *command]):
            return None
        return self.total(name, out, r"^totals: (\d+)$")

    def total(self, name, out, pattern):
        match = re.search(pattern, out.read_text(), re.MULTILINE)
        if match is None:
            self.problems[name] = f"no total in {out.name}"
        return match and int(match[1])


def commands(bench):
    """What a round times, in order: the row's name, and each program's command."""
    for in_flight, count in IN_FLIGHT.items():
        yield f"talk {in_flight}", {
            "bare": bench.bare(count, in_flight), "dialtone": bench.talk(count, in_flight)}
    thousand = bench.bare(1000, 16)
    yield "files", {"bare": thousand, "dialtone": bench.dialtone("files", "--jobs", "16")}
    one_file = bench.dialtone("thousand.json", "--jobs", "16")
    yield "thousand", {"bare": thousand, "dialtone": one_file}
    yield "silence", {"dialtone": bench.dialtone("silence.json", "--jobs", "200")}
    for _ in range(STARTS):
        version = [bench.build / "dialtone", "version"]
        yield "start", {"bare": bench.bare(0, 1), "dialtone": version}
        yield "one", {"bare": bench.bare(1, 1), "dialtone": bench.talk(1, 1)}


def one_round(bench, number):
    """A list of measurements: row, program, wall, cpu, peak."""
    measured = []
    for row, programs in commands(bench):
        order = list(programs.items())
        for program, command in order if number % 2 == 0 else reversed(order):
            times = bench.timed(f"{row}, {program}", command)
            if times is not None:
                measured.append({"row": row, "program": program, **times})
    return measured


def counts(bench):
    """System calls and instructions a conversation, 16 in flight: kind -> program -> number.
    The difference of two runs, so that start-up and exit cancel each other."""
    slow = ("--time-scale", "20")  # callgrind takes fifty times as long
    command = {"bare": lambda count: bench.bare(count, 16),
               "dialtone": lambda count: bench.talk(count, 16, *slow)}
    result = {}
    kinds = {"system calls": bench.system_calls, "instructions": bench.instructions}
    for kind, measure in kinds.items():
        result[kind] = {}
        for program, make in command.items():
            whole, half = (measure(f"{kind}, {program}", make(n)) for n in (COUNTED, COUNTED // 2))
            if whole is not None and half is not None:
                result[kind][program] = (whole - half) / (COUNTED - COUNTED // 2)
    return result


def processor():
    """The processor's name, as the kernel gives it."""
    text = pathlib.Path("/proc/cpuinfo").read_text()
    match = re.search(r"^model name\s*: (.*)$", text, re.MULTILINE)
    return match[1] if match else platform.machine()


def main(build, directory, rounds):
    bench = Bench(build, directory)
    cpus = len(os.sched_getaffinity(0))
    try:
        one_round(bench, 0)
        results = {
            "machine": f"{processor()}, {cpus} CPUs, Linux {platform.release()}",
            "conversations": IN_FLIGHT,
            "rounds": [one_round(bench, number) for number in range(int(rounds))],
            "counts": counts(bench),
            "problems": bench.problems,
        }
    finally:
        bench.stop()
    (bench.directory / "results.json").write_text(json.dumps(results, indent=1) + "\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
