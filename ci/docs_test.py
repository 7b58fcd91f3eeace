"""Runs the command blocks of Markdown documents and compares what they print with what is promised.

usage: ci/docs_test.py BINARY DIRECTORY DOCUMENT...

Blocks run in order, each in a bash of its own (-eu -o pipefail) in DIRECTORY, a copy of the
repository, with BINARY on PATH and as build/release/dialtone. What a fence's info string means:

    sh            run; the exit code must be 0
    sh exit=N     run; the exit code must be N
    sh no-run     shown only (what needs a network, or this script itself)
    text          straight after a block that ran: what it prints, stdout and stderr together

A line `...` in a text block stands for any lines, none too. Before the comparison both sides are
normalised; what differs from run to run stands there as a word:

    12 ms, 1.5s, 300 us           <duration>
    127.0.0.1:7788                <address>:<port>      also [::1]:7788, localhost:7788
    127.0.0.1                     <address>
    port 7788, pid 4711           port <port>, pid <pid>
    2024-05-01T12:00:00Z          <time>
    the copy's directory          <directory>
    runs of blanks                one blank; none at a line's end
"""

import dataclasses
import difflib
import os
import pathlib
import re
import signal
import subprocess
import sys
import tempfile

LIMIT = 120  # seconds a block
FENCE = re.compile(r"^(`{3,})[ \t]*([^`\n]*)$")
NORMAL = [
    (re.compile(r"\b\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:?\d\d)?"), "<time>"),
    (re.compile(r"(\b\d+\.\d+\.\d+\.\d+|\[::1\]|\blocalhost):\d+\b"), "<address>:<port>"),
    (re.compile(r"\b\d+\.\d+\.\d+\.\d+\b"), "<address>"),
    (re.compile(r"\b(port|pid|process) \d+\b"), r"\1 <\1>"),
    (re.compile(r"\b\d+(\.\d+)? ?(ns|us|µs|ms|s|min)\b"), "<duration>"),
    (re.compile(r"[ \t]+"), " "),
    (re.compile(r" $", re.MULTILINE), ""),
]


@dataclasses.dataclass
class Block:
    info: str
    line: int  # of the fence, counted from 1
    text: str


def blocks_of(document):
    """The fenced blocks of a Markdown document, in order."""
    blocks, fence, lines = [], None, []
    for number, line in enumerate(document.splitlines(), 1):
        match = FENCE.match(line)
        if fence is None and match:
            fence, info, start, lines = match[1], match[2].strip(), number, []
        elif fence is not None and line.rstrip() == fence:
            blocks.append(Block(info, start, "".join(f"{text}\n" for text in lines)))
            fence = None
        elif fence is not None:
            lines.append(line)
    return blocks


def normalise(text, directory):
    text = text.replace(str(directory), "<directory>")
    for pattern, word in NORMAL:
        text = pattern.sub(word, text)
    return text.strip("\n").split("\n")


def matches(expected, actual):
    """Line by line; `...` in `expected` stands for any lines."""
    parts = ["(.*\n)*?" if line.strip() == "..." else re.escape(line) + "\n" for line in expected]
    return re.fullmatch("".join(parts), "".join(f"{line}\n" for line in actual)) is not None


def run(block, directory, environment):
    """Runs a block and whatever it left in the background to the end. Returns output, exit code."""
    with tempfile.TemporaryFile() as output:
        process = subprocess.Popen(
            ["bash", "-eu", "-o", "pipefail", "-c", block.text], cwd=directory, env=environment,
            stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT,
            start_new_session=True)
        try:
            code = process.wait(LIMIT)
        except subprocess.TimeoutExpired:
            code = f"none after {LIMIT} s"
        try:
            os.killpg(process.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
        process.wait()
        output.seek(0)
        return output.read().decode(errors="replace"), code


def wanted_code(info):
    """The exit code that a block promises; None for a block that is not to be run."""
    match = re.fullmatch(r"sh(?: exit=(\d+))?", info)
    return int(match[1] or 0) if match else None


def complaint(block, promised, directory, environment):
    """What is wrong with a block, or an empty text. `promised` is its text block, or None."""
    output, code = run(block, directory, environment)
    if code != wanted_code(block.info):
        return f"exit code {code}, not {wanted_code(block.info)}; it printed:\n{output}"
    if promised is None:
        return ""
    expected, actual = normalise(promised.text, directory), normalise(output, directory)
    if matches(expected, actual):
        return ""
    difference = difflib.unified_diff(expected, actual, "promised", "printed", lineterm="")
    return "its output differs:\n" + "\n".join(difference) + "\n"


def check(document, directory, environment):
    """Runs a document's blocks. Returns how many ran and how many failed."""
    ran = failed = 0
    blocks = blocks_of(pathlib.Path(document).read_text(encoding="utf-8"))
    for block, following in zip(blocks, [*blocks[1:], None]):
        if wanted_code(block.info) is None:
            continue
        promised = following if following is not None and following.info == "text" else None
        problem = complaint(block, promised, directory, environment)
        ran += 1
        if problem:
            failed += 1
            shown = "".join(f"    {line}\n" for line in block.text.splitlines())
            print(f"{document}:{block.line}: this block fails:\n{shown}{problem}", file=sys.stderr)
    return ran, failed


def place(binary, directory):
    """Puts the program where README's readers have it. Returns the directory for PATH."""
    built = directory / "build" / "release"
    built.mkdir(parents=True, exist_ok=True)
    (built / "dialtone").symlink_to(binary)
    return built


def main(binary, directory, *documents):
    directory = pathlib.Path(directory).resolve()
    path = f"{place(binary, directory)}:{os.environ['PATH']}"
    environment = os.environ | {"PATH": path, "NO_COLOR": "1", "TERM": "dumb"}
    ran = failed = 0
    for document in documents:
        counts = check(document, directory, environment)
        ran, failed = ran + counts[0], failed + counts[1]
    if ran == 0:
        sys.exit("no command blocks found: nothing was checked")
    if failed:
        sys.exit(f"{failed} of {ran} command blocks fail")
    print(f"== documents: {ran} command blocks do what they promise")


if __name__ == "__main__":
    main(*sys.argv[1:])
