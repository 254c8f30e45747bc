"""The README's tutorial: every command of it is run, and prints what the README shows.

Usage: tutorial_test.py PROGRAM. In the section "From one run to a design decision", a block ```json comes after the
name of its file in the text, `like.json`; in a block ```console lines that begin with "$ " are commands, run in one
folder with the program on the PATH, and the lines below a command are in its standard output, in this order;
"…" stands for any number of others."""

import os
import pathlib
import re
import subprocess
import sys
import tempfile

PROGRAM = pathlib.Path(sys.argv[1]).resolve()
README = pathlib.Path(__file__).resolve().parents[1] / "README.md"
HEADING = "## From one run to a design decision\n"
ANYTHING = "…"


def section():
    text = README.read_text(encoding="utf-8")
    begin = text.index(HEADING) + len(HEADING)
    return text[begin:text.index("\n## ", begin)]


def blocks():
    """("json", file, text) and ("console", None, text), in order."""
    pattern = re.compile(r"^```(json|console)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
    text = section()
    for block in pattern.finditer(text):
        kind, body = block.groups()
        names = re.findall(r"`([\w.-]+\.json)`", text[:block.start()])
        yield kind, names[-1] if kind == "json" else None, body


def steps(body):
    """(command, lines that it prints) of a console block."""
    found = []
    for line in body.splitlines():
        if line.startswith("$ "):
            found.append((line[2:], []))
        else:
            found[-1][1].append(line.rstrip())
    return found


def missing(expected, output):
    """The first expected line that is not where it should be, or None."""
    lines = [line.rstrip() for line in output.splitlines()]
    at, anywhere = 0, False
    for line in expected:
        if line == ANYTHING:
            anywhere = True
            continue
        rest = lines[at:] if anywhere else lines[at:at + 1]
        if line not in rest:
            return line
        at += rest.index(line) + 1
        anywhere = False
    if not anywhere and expected and at < len(lines):
        return f"nothing more, but there is {lines[at]!r}"
    return None


def main():
    commands = 0
    with tempfile.TemporaryDirectory(prefix="ridgeline-tutorial-") as folder:
        environment = {**os.environ, "PATH": f"{PROGRAM.parent}:{os.environ['PATH']}", "LC_ALL": "C.UTF-8"}
        for kind, name, body in blocks():
            if kind == "json":
                (pathlib.Path(folder) / name).write_text(body, encoding="utf-8")
                continue
            for command, expected in steps(body):
                done = subprocess.run(["bash", "-c", command], cwd=folder, env=environment, capture_output=True,
                                      stdin=subprocess.DEVNULL, check=False)
                output, errors = done.stdout.decode(), done.stderr.decode()
                if done.returncode != 0:
                    sys.exit(f"$ {command}\nended with {done.returncode}: {errors}")
                line = missing(expected, output)
                if line is not None:
                    sys.exit(f"$ {command}\nshould print: {line}\nprinted:\n{output}")
                commands += 1
    print(f"{commands} commands of the tutorial did what the README says")
    if commands == 0:
        sys.exit("the tutorial has no commands")


if __name__ == "__main__":
    main()
