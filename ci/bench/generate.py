"""Writes the suites that the benchmark runs.

usage: ci/bench/generate.py DIRECTORY

    talk.json        one conversation, repeated by `--repeat`
    thousand.json    1,000 scenarios of one conversation each
    files/*.json     the same 1,000, one a file
    silence.json     200 scenarios that each wait for 200 ms of silence
"""

import json
import pathlib
import sys

SCENARIOS = 1000
SILENT = 200

TALK = [
    {"connect": "c"},
    {"send": "你在么?"},
    {"expect": "thank you !"},
    {"expect_eof": "c"},
    {"close": "c"},
]
SILENCE = [{"connect": "c"}, {"expect_silence": "200ms"}]


def scenario(name, steps):
    return {"id": name, "title": f"benchmark scenario {name}", "steps": steps}


def write(path, suite, scenarios):
    content = {"suite": suite, "encoding": "gbk", "timeout": "2s", "scenarios": scenarios}
    path.write_text(json.dumps(content, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")


def main(directory):
    directory = pathlib.Path(directory)
    files = directory / "files"
    files.mkdir(parents=True, exist_ok=True)
    thousand = [scenario(f"talk-{number:04}", TALK) for number in range(SCENARIOS)]
    write(directory / "talk.json", "bench", [scenario("talk", TALK)])
    write(directory / "thousand.json", "bench.thousand", thousand)
    for number, one in enumerate(thousand):
        write(files / f"{number:04}.json", f"bench.file_{number:04}", [one])
    silent = [scenario(f"silence-{number:03}", SILENCE) for number in range(SILENT)]
    write(directory / "silence.json", "bench.silence", silent)


if __name__ == "__main__":
    main(sys.argv[1])
