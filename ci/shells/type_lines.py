#!/usr/bin/env python3
"""Types lines into an interactive bash or zsh, as a person would, and shows what `dialtone` is then called with.

usage: type_lines.py SHELL PROGRAM SCRIPT LINE...

SHELL reads SCRIPT, its completion of `dialtone`. "\\t" in a LINE is the Tab key. Each LINE gives one line of
standard output: the words of the call, each between "<" and ">".
"""
import os
import pty
import select
import subprocess
import sys
import tempfile
import time

LIMIT = 60  # seconds, for everything
PROMPT = "typed@%d "

SETUP = {
    # A shell of its own: no files of the user's, and a completion that lists nothing.
    "bash": """bind 'set bell-style none'; bind 'set show-all-if-ambiguous on'; bind 'set page-completions off'
bind 'set completion-query-items 0'; bind 'set enable-bracketed-paste off'
""",
    "zsh": """unsetopt beep prompt_sp prompt_cr; autoload -U compinit; compinit -D -u
""",
}
COMMAND = {"bash": ["bash", "--norc", "--noprofile", "-i"], "zsh": ["zsh", "-f", "-i"]}


class Shell:
    def __init__(self, shell, directory):
        self.screen = b""
        self.until = time.monotonic() + LIMIT
        ours, theirs = pty.openpty()
        environment = dict(os.environ, TERM="dumb", HOME=directory, ZDOTDIR=directory, PS1="", HISTFILE="")
        self.process = subprocess.Popen(COMMAND[shell], stdin=theirs, stdout=theirs, stderr=theirs, cwd=directory,
                                        env=environment, start_new_session=True)
        os.close(theirs)
        self.terminal = ours

    def type(self, text):
        os.write(self.terminal, text.encode())

    def wait_for(self, text):
        """Until it stands on the screen, which is empty then."""
        while text.encode() not in self.screen:
            left = self.until - time.monotonic()
            if left <= 0 or not select.select([self.terminal], [], [], left)[0]:
                sys.exit(f"'{text}' did not come; the screen: {self.screen!r}")
            self.screen += os.read(self.terminal, 65536)
        self.screen = b""


def main(shell, program, script, *lines):
    with tempfile.TemporaryDirectory() as directory:
        calls = os.path.join(directory, "calls")
        setup = os.path.join(directory, "setup")
        with open(setup, "w") as file:
            file.write(SETUP[shell])
            # The completion calls what stands first on the line; so does Enter.
            file.write(f"""dialtone() {{
  if [[ ${{1-}} == __complete ]]; then '{program}' "$@"; else printf '<%s>' "$@" >>'{calls}'; echo >>'{calls}'; fi
}}
source '{script}'
""")
        terminal = Shell(shell, directory)
        try:
            terminal.type(f". '{setup}'; PS1='{PROMPT % 0}'\n")
            terminal.wait_for("\n" + PROMPT % 0 if shell == "bash" else PROMPT % 0)
            for number, line in enumerate(lines, 1):
                terminal.type(line.replace("\\t", "\t") + "\n")
                terminal.type(f"PS1='typed@'{number}' '\n")
                terminal.wait_for(PROMPT % number)
            with open(calls) as file:
                sys.stdout.write(file.read())
        finally:
            terminal.process.kill()
            terminal.process.wait()


if __name__ == "__main__":
    if len(sys.argv) < 5 or sys.argv[1] not in SETUP:
        sys.exit(__doc__)
    main(*sys.argv[1:])
