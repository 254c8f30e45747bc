"""What `ridgeline sweep` promises to whoever is interrupted, sharded or out of luck.

Usage: sweep_test.py PROGRAM. Standard library only; one folder a test, removed at the end."""

import json
import os
import pathlib
import random
import resource
import signal
import subprocess
import sys
import tempfile
import time
import unittest

PROGRAM = pathlib.Path(sys.argv.pop(1)).resolve()
QUICK = "squeezenext:width=0.5,blocks=1-1-1-1,input=64"
OTHER = QUICK.replace("1-1-1-1", "1-2-1-1")


def specification(**changes):
    return {"schema": "ridgeline.sweep/1", "arch": "squeezelerator_16x16", "networks": [QUICK],
            "axes": [{"set": {"arch.pe_array.rows": [8, 16, 24, 32], "arch.pe_array.cols": [8, 16, 24, 32]}},
                     {"set": {"arch.global_buffer.bytes": {"from": 16384, "to": 131072, "factor": 2}}},
                     {"set": {"arch.dram.bytes_per_cycle": [4, 8, 16, 32]}},
                     {"set": {"dataflow": ["auto", "ws", "os"]}}], **changes}


class SweepTest(unittest.TestCase):
    def setUp(self):
        self.scratch = tempfile.TemporaryDirectory(prefix="ridgeline-sweep-")
        self.addCleanup(self.scratch.cleanup)
        self.folder = pathlib.Path(self.scratch.name)

    def write(self, spec, name="sizes.json"):
        path = self.folder / name
        path.write_text(json.dumps(spec), encoding="utf-8")
        return path

    def command(self, *words):
        return [str(PROGRAM), "sweep", *map(str, words)]

    def run_sweep(self, *words, code=0, **options):
        done = subprocess.run(self.command(*words), stdin=subprocess.DEVNULL, capture_output=True, text=True,
                              check=False, **options)
        self.assertEqual(done.returncode, code, done.stderr)
        return done

    def records(self, out):
        """Every line of the shards, sorted by point: the order in which they came is no result."""
        lines = [line for path in (out / "results").glob("*.jsonl")
                 for line in path.read_text(encoding="utf-8").splitlines()]
        return sorted(lines, key=lambda line: json.loads(line)["point"])

    def merged(self, out):
        """Bytes of every file that the points add up to."""
        return {path.relative_to(out): path.read_bytes() for path in sorted(out.rglob("*"))
                if path.is_file() and path.parent.name != "results"}

    def assert_same(self, out, expected):
        self.assertEqual(self.records(out), self.records(expected))
        ours, theirs = self.merged(out), self.merged(expected)
        self.assertEqual(list(ours), list(theirs))
        for path, data in theirs.items():
            self.assertEqual(ours[path], data, path)


class Interrupted(SweepTest):
    def test_killed_at_any_moment_it_resumes_to_the_same_bytes(self):
        spec = self.write(specification(confirm=2))
        expected = self.folder / "expected"
        start = time.monotonic()
        self.run_sweep(spec, "--out", expected)
        seconds = time.monotonic() - start
        seed = random.randrange(1 << 30)
        draw = random.Random(seed)
        out = self.folder / "killed"
        kills = 0
        while kills < 20:
            process = subprocess.Popen(self.command(spec, "--out", out, "--resume"), stdin=subprocess.DEVNULL,
                                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            # Moments of the start, of the run and of the merge; the tenth part leaves work for later.
            time.sleep(draw.uniform(0, seconds * (0.1 if kills < 15 else 1)))
            process.kill()
            process.wait()
            kills += 1
        self.run_sweep(spec, "--out", out, "--resume")
        with self.subTest(seed=seed):
            self.assert_same(out, expected)

    def test_a_torn_line_is_run_again(self):
        spec = self.write(specification())
        expected, out = self.folder / "expected", self.folder / "torn"
        for folder in (expected, out):
            self.run_sweep(spec, "--out", folder)
        log = out / "results" / "shard-1-of-1.jsonl"
        whole = log.read_bytes()
        log.write_bytes(whole[:len(whole) * 2 // 3])
        # What is half written, by a process that was killed while it merged, goes away.
        for folder in (out, out / "best"):
            (folder / ".ridgeline-Xa3f5Z").write_text("half of it")
        (out / "results" / "shard-1-of-1.done").unlink()
        self.run_sweep(spec, "--out", out, "--resume")
        self.assert_same(out, expected)

    def test_asked_to_end_it_says_how_to_go_on(self):
        for sign in (signal.SIGTERM, signal.SIGINT):
            for engine in ("analytic", "simulate"):
                spec = self.write(specification(engine=engine), f"{engine}.json")
                out = self.folder / f"{engine}-{sign}"
                process = subprocess.Popen(self.command(spec, "--out", out), stdin=subprocess.DEVNULL,
                                           stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
                log = out / "results" / "shard-1-of-1.jsonl"
                while not (log.exists() and log.stat().st_size):
                    time.sleep(0.002)
                process.send_signal(sign)
                _, errors = process.communicate()
                self.assertEqual(process.returncode, 75, errors)
                self.assertIn("--resume", errors)
                self.assertTrue(log.read_bytes().endswith(b"}\n"))

    def test_a_full_disk_loses_nothing_that_was_done(self):
        spec = self.write(specification())
        out = self.folder / "full"
        limit = 30000
        done = self.run_sweep(spec, "--out", out, code=2,
                              preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit)))
        self.assertIn("shard-1-of-1.jsonl: cannot be written: File too large", done.stderr)
        data = (out / "results" / "shard-1-of-1.jsonl").read_bytes()
        self.assertTrue(0 < len(data) <= limit and data.endswith(b"}\n"))
        self.run_sweep(spec, "--out", out, "--resume")
        self.assertEqual(len(self.records(out)), 192)


class Folders(SweepTest):
    def test_nothing_that_exists_is_overwritten(self):
        spec = self.write(specification())
        other = self.write(specification(dataflow="ws", axes=specification()["axes"][:2]), "other.json")
        out = self.folder / "out"
        self.run_sweep(spec, "--out", out)
        before = self.merged(out)
        self.assertIn("holds results of this sweep already", self.run_sweep(spec, "--out", out, code=2).stderr)
        self.assertIn("holds another sweep", self.run_sweep(other, "--out", out, "--resume", code=2).stderr)
        self.assertIn("in 1 shards, not 2", self.run_sweep(spec, "--out", out, "--shard", "1/2", code=2).stderr)
        self.assertEqual(self.merged(out), before)
        mine = self.folder / "mine"
        mine.mkdir()
        (mine / "thesis.txt").write_text("do not touch")
        (mine / "results").mkdir()
        self.assertIn("holds files that are of no sweep", self.run_sweep(spec, "--out", mine, code=2).stderr)
        self.assertEqual(sorted(path.name for path in mine.iterdir()), ["results", "thesis.txt"])
        (mine / "thesis.txt").rename(mine / "results" / "thesis.txt")
        self.assertIn("holds files that are of no sweep", self.run_sweep(spec, "--out", mine, code=2).stderr)
        self.assertIn("it has no sweep.json", self.run_sweep("merge", mine, code=2).stderr)

    def test_two_processes_do_not_write_the_same_shard(self):
        spec = self.write(specification(engine="simulate"))
        out = self.folder / "out"
        first = subprocess.Popen(self.command(spec, "--out", out), stdin=subprocess.DEVNULL,
                                 stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        log = out / "results" / "shard-1-of-1.jsonl"
        while not log.exists():
            time.sleep(0.002)
        done = self.run_sweep(spec, "--out", out, "--resume", code=2)
        self.assertIn("another process is writing to it", done.stderr)
        first.kill()
        first.wait()

    def test_names_that_have_changed_are_noticed(self):
        arch = self.folder / "mine.json"
        arch.write_text(json.dumps({"base": "squeezelerator_16x16"}))
        spec = self.write(specification(arch=str(arch)))
        out = self.folder / "out"
        self.run_sweep(spec, "--out", out)
        arch.write_text(json.dumps({"base": "squeezelerator_16x16", "clock_mhz": 500}))
        self.assertIn("has changed since", self.run_sweep("merge", out, code=2).stderr)


class Shards(SweepTest):
    def test_shards_merge_to_what_one_process_gives(self):
        spec = self.write(specification(constraints=["pes * arch.dram.bytes_per_cycle <= 16384"]))
        expected, out = self.folder / "expected", self.folder / "shards"
        self.run_sweep(spec, "--out", expected)
        for shard in ("2/5", "5/5", "1/5"):
            self.run_sweep(spec, "--out", out, "--shard", shard)
        missing = self.run_sweep("merge", out, code=1)
        self.assertIn("2 of 5 shards are not complete", missing.stderr)
        self.assertEqual(missing.stdout, "--array=3,4\n")
        self.run_sweep(spec, "--out", out, "--shard", "slurm/5", env={"SLURM_ARRAY_TASK_ID": "3"})
        self.run_sweep(spec, "--out", out, "--shard", "4/5")
        self.run_sweep("merge", out)
        self.assertEqual(self.records(out), self.records(expected))
        ours, theirs = self.merged(out), self.merged(expected)
        for path in theirs:
            if path.name != "sweep.json":
                self.assertEqual(ours[path], theirs[path], path)

    def test_wrong_shards_are_refused(self):
        spec = self.write(specification())
        for shard in ("0/4", "5/4", "1/0", "1", "a/4", "1/100001", "-1/4"):
            self.assertIn("--shard", self.run_sweep(spec, "--out", self.folder / "x", "--shard", shard, code=2).stderr)
        done = self.run_sweep(spec, "--out", self.folder / "x", "--shard", "slurm/4", code=2, env={})
        self.assertIn("SLURM_ARRAY_TASK_ID is not set", done.stderr)
        self.assertFalse((self.folder / "x").exists())


class Points(SweepTest):
    def test_one_that_fails_stops_no_other(self):
        spec = specification(axes=[{"set": {"arch.global_buffer.bytes": [64, 131072]}},
                                   {"set": {"dataflow": ["auto", "rs"]}}])
        for engine in ("analytic", "simulate"):
            out = self.folder / engine
            self.run_sweep(self.write({**spec, "engine": engine}, f"{engine}.json"), "--out", out)
            records = [json.loads(line) for line in self.records(out)]
            self.assertEqual([record.get("failed", "")[:5] for record in records], ["layer", "--dat", "", "--dat"])
            self.assertIn("'rs'", records[3]["failed"])

    def test_a_worker_that_dies_fails_its_point_alone(self):
        out = self.folder / "out"
        process = subprocess.Popen(self.command(self.write(specification(engine="simulate")), "--out", out, "--jobs", 2),
                                   stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        log = out / "results" / "shard-1-of-1.jsonl"
        while not (log.exists() and log.stat().st_size):
            time.sleep(0.002)
        workers = pathlib.Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
        self.assertEqual(len(workers), 2)
        os.kill(int(workers[0]), signal.SIGKILL)
        self.assertEqual(process.wait(), 0)
        records = [json.loads(line) for line in self.records(out)]
        self.assertEqual(len(records), 192)
        failed = [record["failed"] for record in records if "failed" in record]
        self.assertEqual(failed, ["the process that simulated it ended with signal 9 (Killed)"])

    def test_engines_agree_on_counts_and_nearly_on_cycles(self):
        results = {}
        for engine in ("analytic", "simulate"):
            out = self.folder / engine
            self.run_sweep(self.write(specification(engine=engine), f"{engine}.json"), "--out", out)
            results[engine] = [json.loads(line) for line in self.records(out)]
        for ours, theirs in zip(results["analytic"], results["simulate"], strict=True):
            self.assertEqual(ours["key"], theirs["key"])
            self.assertEqual(ours["bytes"], theirs["bytes"])
            self.assertAlmostEqual(ours["cycles"]["total"] / theirs["cycles"]["total"], 1, delta=0.02)

    def test_a_point_is_what_run_says(self):
        out = self.folder / "out"
        self.run_sweep(self.write(specification(networks=[QUICK, OTHER], precision="int16",
                                               weight_density=0.6, activation_density=0.5)), "--out", out)
        record = json.loads(self.records(out)[100])
        arch = self.folder / "point.json"
        arch.write_text(json.dumps({"base": "squeezelerator_16x16",
                                    "pe_array": {"rows": record["set"]["arch.pe_array.rows"],
                                                 "cols": record["set"]["arch.pe_array.cols"]},
                                    "global_buffer": {"bytes": record["set"]["arch.global_buffer.bytes"]},
                                    "dram": {"bytes_per_cycle": record["set"]["arch.dram.bytes_per_cycle"]}}))
        cycles = energy = 0
        for network in (QUICK, OTHER):
            run = subprocess.run([str(PROGRAM), "run", "--arch", str(arch), "--network", network, "--engine",
                                  "analytic", "--precision", "int16", "--weight-density", "0.6",
                                  "--activation-density", "0.5", "--dataflow", record["set"]["dataflow"],
                                  "--format", "json"], capture_output=True, check=True)
            total = json.loads(run.stdout)["total"]
            cycles += total["cycles"]["total"]
            energy += total["energy_pj"]["total"]
        self.assertEqual(record["cycles"]["total"], cycles)
        self.assertAlmostEqual(record["energy_pj"]["total"] / energy, 1, delta=1e-12)

    def test_the_number_of_jobs_changes_no_byte(self):
        spec = self.write(specification(confirm=12))
        for jobs in (1, 3):
            self.run_sweep(spec, "--out", self.folder / str(jobs), "--jobs", jobs)
        self.assertEqual(len((self.folder / "1" / "confirmed.csv").read_text().splitlines()), 13)
        self.assert_same(self.folder / "1", self.folder / "3")

    def test_too_many_need_a_yes(self):
        spec = self.write(specification(axes=[
            {"set": {"arch.global_buffer.bytes": {"from": 1, "to": 50000, "step": 1}}},
            {"set": {"arch.dram.latency_cycles": {"from": 1, "to": 50000, "step": 1}}},
            {"set": {"arch.dram.burst_bytes": {"from": 1, "to": 400, "step": 1}}}]))
        done = self.run_sweep(spec, "--out", self.folder / "out", code=2)
        self.assertIn("has 1,000,000,000,000 points; allowed: up to 1,000,000 without --yes", done.stderr)
        self.assertFalse((self.folder / "out").exists())
        self.assertIn("1,000,000,000,000 points", self.run_sweep(spec, "--explain").stdout)


if __name__ == "__main__":
    unittest.main()
