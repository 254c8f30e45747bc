#!/usr/bin/env python3
"""A sweep in shards through a real Slurm: one task cancelled, one interrupted, what is missing submitted again, and the
merged results are those of one process, byte by byte.
Usage: slurm_test.py RIDGELINE. Ends with 77, which ctest takes for skipped, where Slurm is not installed."""

import json
import os
import pathlib
import signal
import subprocess
import sys
import tempfile
import time
import unittest

sys.dont_write_bytecode = True
from loopback_slurm import LoopbackSlurm, is_installed  # noqa: E402

PROGRAM = ""
SHARDS = 4
POINTS = 200
SPECIFICATION = {
    "schema": "ridgeline.sweep/1", "arch": "squeezelerator_16x16",
    "networks": ["squeezenet_v1.1", "squeezenext_1.0_23v5"],
    "axes": [{"set": {"arch.pe_array.rows": [8, 12, 16, 24, 32]}}, {"set": {"arch.pe_array.cols": [8, 12, 16, 24, 32]}},
             {"set": {"arch.global_buffer.bytes": [65536, 98304, 131072, 196608]}},
             {"set": {"arch.dram.bytes_per_cycle": [4, 8]}}]}
ENDS_SOON = 60  # seconds


def wait_until(is_so, what):
    end = time.monotonic() + ENDS_SOON
    while not (answer := is_so()):
        if time.monotonic() > end:
            raise AssertionError(f"still not so after {ENDS_SOON} s: {what}")
        time.sleep(0.005)
    return answer


def results(folder):
    """The files of a sweep by name, without what tells how it was run; the records of all shards sorted."""
    files = {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*")
             if path.is_file() and path.parent.name not in ("results", "logs")}
    for name in ("sweep.json", "submit-slurm.sh"):
        files.pop(name, None)
    files["records"] = sorted(line for path in folder.glob("results/*.jsonl") for line in path.read_bytes().splitlines())
    return files


class Sweep(unittest.TestCase):
    def setUp(self):
        scratch = tempfile.TemporaryDirectory(prefix="ridgeline-cluster-")
        self.addCleanup(scratch.cleanup)
        self.folder = pathlib.Path(scratch.name)
        (self.folder / "spec.json").write_text(json.dumps(SPECIFICATION))
        self.sweep = self.folder / "it's \"100%\" of a sweep, %j"
        slurm = LoopbackSlurm()
        self.slurm = slurm.__enter__()
        self.addCleanup(slurm.stop)

    def ridgeline(self, *words, code=0, **variables):
        run = subprocess.run([PROGRAM, "sweep", *map(str, words)], cwd=self.folder, text=True, capture_output=True,
                             env={**self.slurm.environment, **variables}, stdin=subprocess.DEVNULL, timeout=ENDS_SOON)
        self.assertEqual(run.returncode, code, run.stdout + run.stderr)
        return run

    def queue(self):
        """Array indices of tasks that wait or run."""
        return sorted(self.slurm.run("squeue", "-h", "-r", "-o", "%K").split())

    def task(self, shard):
        """The process of a running task, or None."""
        marks = {f"SLURM_ARRAY_TASK_ID={shard}".encode(), f"SLURM_CONF={self.slurm.folder}/slurm.conf".encode()}
        for entry in pathlib.Path("/proc").iterdir():
            try:
                if entry.name.isdigit() and marks <= set((entry / "environ").read_bytes().split(b"\0")) and \
                        b"--shard" in (entry / "cmdline").read_bytes().split(b"\0"):
                    return int(entry.name)
            except OSError:
                pass
        return None

    def interrupt(self, job, shard):
        """Slurm's SIGTERM to a task between its first and its last point: it is stopped while Slurm takes its time."""
        log = self.sweep / "results" / f"shard-{shard}-of-{SHARDS}.jsonl"
        process = wait_until(lambda: self.task(shard), f"shard {shard} runs")
        wait_until(lambda: log.exists() and log.stat().st_size > 0, f"shard {shard} has a point")
        os.kill(process, signal.SIGSTOP)
        self.slurm.run("scancel", "--batch", "--signal=TERM", f"{job}_{shard}")
        status = pathlib.Path(f"/proc/{process}/status")
        wait_until(lambda: int(status.read_text().split("ShdPnd:")[1].split()[0], 16) >> (signal.SIGTERM - 1) & 1,
                   "the signal is there")
        os.kill(process, signal.SIGCONT)

    def test_one_task_cancelled_and_one_interrupted(self):
        submitted = self.ridgeline("submit", "spec.json", "--engine", "slurm", "--shards", SHARDS, "--out", self.sweep,
                                   SBATCH_HOLD="1")
        job = submitted.stdout.split("Slurm job ")[1].split(":")[0]
        self.assertIn(f"Slurm job {job}: shards 1-{SHARDS};", submitted.stdout)
        self.assertEqual(self.queue(), ["1", "2", "3", "4"])
        self.assertIn("in Slurm's queue already", self.ridgeline("submit", self.sweep).stdout)
        self.assertEqual(self.queue(), ["1", "2", "3", "4"])

        self.slurm.run("scancel", f"{job}_3")
        self.slurm.run("scontrol", "release", job)
        self.interrupt(job, 2)
        # RequeueExit=75: it waits to run again, for two minutes if nobody says otherwise.
        wait_until(lambda: "Restarts=1" in self.slurm.run("scontrol", "show", "job", f"{job}_2"), "shard 2 is requeued")
        logs = self.sweep / "logs"
        self.assertRegex((logs / f"slurm-{job}_2.out").read_text(), r"shard 2 of 4: stopped after [1-9]\d* of 50 points")
        self.slurm.run("scontrol", "update", f"JobId={job}_2", "StartTime=now")
        wait_until(lambda: not self.queue(), "all tasks have ended")
        self.assertIn("shard 2 of 4: 50 points, 0 failed", (logs / f"slurm-{job}_2.out").read_text())

        missing = self.ridgeline("merge", self.sweep, code=1)
        self.assertEqual(missing.stdout, "--array=3\n")
        self.assertIn("1 of 4 shards are not complete", missing.stderr)
        again = self.ridgeline("submit", self.sweep)
        self.assertRegex(again.stdout, r"Slurm job \d+: shards 3;")
        wait_until(lambda: not self.queue(), "shard 3 has ended")
        self.ridgeline("merge", self.sweep)

        self.ridgeline("spec.json", "--out", "one")
        self.assertEqual(len(results(self.sweep)["records"]), POINTS)
        self.assertIn("points.csv", results(self.sweep))
        self.assertEqual(results(self.sweep), results(self.folder / "one"))


if __name__ == "__main__":
    PROGRAM = os.path.abspath(sys.argv.pop(1))
    if not is_installed():
        print("skipped: Slurm is not installed (Debian: slurm-wlm munge)")
        sys.exit(77)
    unittest.main()
