"""Prints the table of ci/bench.sh: medians, ratios of the same round, goals. Markdown.

usage: ci/bench/report.py RESULTS.json
"""

import json
import pathlib
import statistics
import sys


def number(value, digits=0):
    return "" if value is None else f"{value:,.{digits}f}"


class Results:
    def __init__(self, content):
        self.rounds = content["rounds"]
        self.counts = content["counts"]
        self.conversations = content["conversations"]

    def by_round(self, row, program, field):
        """The median of a row in each round (start-up is measured several times a round)."""
        values = ([one[field] for one in measured if (one["row"], one["program"]) == (row, program)]
                  for measured in self.rounds)
        return [statistics.median(value) if value else None for value in values]

    def median(self, row, program, field):
        values = [value for value in self.by_round(row, program, field) if value is not None]
        return statistics.median(values) if values else None

    def ratios(self, row, field):
        """Dialtone's share of the bare client's, round by round, so that a bad moment hits both."""
        pairs = zip(self.by_round(row, "bare", field), self.by_round(row, "dialtone", field))
        return [theirs and ours and ours / theirs for theirs, ours in pairs if theirs and ours]


def row_of(name, bare, ours, ratio, goal="", met=None):
    verdict = "" if met is None else "yes" if met else "no"
    return [name, bare, ours, ratio, goal, verdict]


def spread(ratios):
    if not ratios:
        return ""
    return f"{statistics.median(ratios):.2f} ({min(ratios):.2f} to {max(ratios):.2f})"


def rates(results):
    for in_flight, count in results.conversations.items():
        row = f"talk {in_flight}"
        walls = [results.median(row, program, "wall") for program in ("bare", "dialtone")]
        bare, ours = (number(count / wall if wall else None) for wall in walls)
        ratios = [1 / ratio for ratio in results.ratios(row, "wall")]
        met = statistics.median(ratios) >= 0.80 if ratios else None
        yield row_of(f"conversations/s, {in_flight} in flight", bare, ours, spread(ratios),
                     "≥ 0.80 of bare", met)
    for in_flight, count in results.conversations.items():
        row = f"talk {in_flight}"
        cpus = [results.median(row, program, "cpu") for program in ("bare", "dialtone")]
        bare, ours = (number(cpu and cpu / count * 1e6, 1) for cpu in cpus)
        yield row_of(f"processor time a conversation, {in_flight} in flight (µs)", bare, ours,
                     spread(results.ratios(row, "cpu")))


def counted(results):
    for kind, limit, digits in (("system calls", 12, 2), ("instructions", 40_000, 0)):
        bare, ours = (results.counts.get(kind, {}).get(program) for program in ("bare", "dialtone"))
        ratio = number(bare and ours and ours / bare, 2)
        met = None if ours is None else ours <= limit
        yield row_of(f"{kind} a conversation, 16 in flight", number(bare, digits),
                     number(ours, digits), ratio, f"≤ {limit:,}", met)


def durations(results):
    for name, row, limit in (
        ("1,000 scenarios from 1,000 files (ms)", "files", 250),
        ("1,000 scenarios from one file (ms)", "thousand", None),
        ("200 scenarios of 200 ms of silence (ms)", "silence", 300),
        ("start-up, `dialtone version` (ms)", "start", 8),
        ("one scenario, from start to exit (ms)", "one", None),
    ):
        bare, ours = (wall and wall * 1000 for wall in
                      (results.median(row, program, "wall") for program in ("bare", "dialtone")))
        met = None if limit is None or ours is None else ours <= limit
        yield row_of(name, number(bare, 1), number(ours, 1), spread(results.ratios(row, "wall")),
                     "" if limit is None else f"≤ {limit}", met)


def memory(results):
    for name, row in (
        ("start-up", "start"),
        ("10,000 conversations, 16 in flight", "talk 16"),
        ("1,000 scenarios from 1,000 files", "files"),
        ("200 silent scenarios", "silence"),
    ):
        bare, ours = (peak and peak / 1024 for peak in
                      (results.median(row, program, "peak") for program in ("bare", "dialtone")))
        yield row_of(f"peak memory, {name} (MiB)", number(bare, 1), number(ours, 1),
                     spread(results.ratios(row, "peak")))


def main(path):
    content = json.loads(pathlib.Path(path).read_text())
    results = Results(content)
    print(f"{content['machine']}; medians of {len(results.rounds)} interleaved rounds;")
    print("ratios are Dialtone's to the bare client's in the same round (lowest to highest).\n")
    print("| measure | bare client | Dialtone | ratio | goal | met |\n|---|---:|---:|---:|---|---|")
    for make in (rates, counted, durations, memory):
        for cells in make(results):
            print(f"| {' | '.join(cells)} |")
    for name, problem in content["problems"].items():
        print(f"\nNot measured: {name}: {problem}")


if __name__ == "__main__":
    main(sys.argv[1])
