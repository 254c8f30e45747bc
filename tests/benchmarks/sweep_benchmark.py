#!/usr/bin/env python3
"""How fast a sweep is, what a second core gives, and how its memory grows.

Usage: sweep_benchmark.py PROGRAM [POINTS]
POINTS machines (default all 10,000) of ten_thousand.json, each with the mapping search of SqueezeNet v1.1; and
samples of 1,000 for one core beside two. Prints; asserts nothing."""

import json
import os
import pathlib
import sys
import tempfile
import time

SPECIFICATION = json.loads((pathlib.Path(__file__).parent / "ten_thousand.json").read_text())


def sweep(program, points, jobs):
    """(wall seconds, CPU seconds, most memory in MB) of one sweep, from beginning to reports."""
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder) / "machines.json"
        sample = {} if points >= 10_000 else {"sample": {"method": "random", "points": points}}
        path.write_text(json.dumps({**SPECIFICATION, **sample}))
        start = time.monotonic()
        process = os.fork()
        if process == 0:
            for stream in (1, 2):
                os.dup2(os.open(os.devnull, os.O_WRONLY), stream)
            os.execv(program, [program, "sweep", str(path), "--out", folder + "/out", "--jobs", str(jobs)])
        _, status, usage = os.wait4(process, 0)
        wall = time.monotonic() - start
        if status != 0:
            sys.exit(f"the sweep ended with status {status}")
        return wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def main():
    program = os.path.abspath(sys.argv[1])
    points = int(sys.argv[2]) if len(sys.argv) > 2 else 10_000
    print("points  jobs  wall s   CPU s  ms a point  memory MB")
    walls = {}
    for count, jobs in ((1000, 1), (1000, 2), (points, 2)):
        wall, cpu, memory = sweep(program, count, jobs)
        walls[count, jobs] = wall
        print(f"{count:6}  {jobs:4}  {wall:6.1f}  {cpu:6.1f}  {cpu / count * 1e3:10.2f}  {memory:9.0f}", flush=True)
    print(f"second core: {walls[1000, 1] / walls[1000, 2]:.2f} times as fast")


if __name__ == "__main__":
    main()
