#!/usr/bin/env python3
"""reports/python/ridgeline.py: reading, running, sweeping, and its errors.
Usage: python3 -I -S python_reader_test.py RIDGELINE; -S leaves nothing but the standard library."""

import pathlib
import sys
import tempfile
import unittest

sys.dont_write_bytecode = True
ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "reports" / "python"))
import ridgeline  # noqa: E402

PROGRAM = ""
GOLDEN = ROOT / "tests" / "golden"
NETWORK = str(GOLDEN / "small.json")


class Reader(unittest.TestCase):
    def test_reads_a_report(self):
        report = ridgeline.read_report(GOLDEN / "squeezelerator_8x8.json")
        self.assertEqual((report.network, report.arch, len(report.layers)), ("small", "squeezelerator_8x8", 7))
        self.assertEqual(sum(layer["cycles"]["total"] for layer in report.layers), report.total["cycles"]["total"])
        self.assertEqual(report.layer("fc")["shape"]["M"], 10)
        row = report.rows()[0]
        self.assertEqual((row["arch"], row["name"], row["mapping_tile_C"]), ("squeezelerator_8x8", "conv1", 3))
        self.assertEqual(row["energy_pj_total"], report.layers[0]["energy_pj"]["total"])
        self.assertIn("7 layers", repr(report))
        with self.assertRaisesRegex(KeyError, "no layer 'conv9'"):
            report.layer("conv9")

    def test_runs_as_the_program_does(self):
        report = ridgeline.run("squeezelerator_8x8", NETWORK, program=PROGRAM)
        golden = ridgeline.read_report(GOLDEN / "squeezelerator_8x8.json")
        self.assertEqual(report.total["cycles"], golden.total["cycles"])
        with tempfile.TemporaryDirectory() as folder:
            report.write(pathlib.Path(folder) / "copy.json")
            self.assertEqual(ridgeline.read_report(pathlib.Path(folder) / "copy.json").data, report.data)

    def test_runs_all_in_order(self):
        small = {"base": "squeezelerator_8x8", "name": "narrow", "dram": {"bytes_per_cycle": 2}}
        points = ridgeline.grid(arch=["squeezelerator_8x8", small, "systolic_8x8"], network=[NETWORK], no_data=[True])
        self.assertEqual(len(points), 3)
        reports = ridgeline.run_all(points, jobs=2, program=PROGRAM)
        self.assertEqual([report.arch for report in reports], ["squeezelerator_8x8", "narrow", "systolic_8x8"])
        rows = ridgeline.totals(reports)
        self.assertGreater(rows[1]["cycles_total"], rows[0]["cycles_total"])
        points.insert(1, {"arch": "nowhere", "network": NETWORK})
        kept = ridgeline.run_all(points, jobs=2, keep_errors=True, program=PROGRAM)
        self.assertIsInstance(kept[1], ridgeline.RidgelineError)
        self.assertEqual(ridgeline.totals(kept), rows)
        with self.assertRaisesRegex(ridgeline.RidgelineError, "nowhere"):
            ridgeline.run_all(points, program=PROGRAM)

    def test_sweeps(self):
        specification = {"schema": "ridgeline.sweep/1", "arch": "squeezelerator_8x8", "networks": [NETWORK],
                         "axes": [{"set": {"arch.dram.bytes_per_cycle": [2, 4]}}, {"set": {"dataflow": ["auto", "rs"]}}]}
        with tempfile.TemporaryDirectory() as folder:
            kept = ridgeline.sweep(specification, folder + "/out", jobs=1, program=PROGRAM)
            again = ridgeline.read_sweep(folder + "/out")
            self.assertEqual((kept.points, kept.front, kept.layers), (again.points, again.front, again.layers))
            with self.assertRaisesRegex(ridgeline.RidgelineError, "--resume"):
                ridgeline.sweep(specification, folder + "/out", program=PROGRAM)
            with self.assertRaisesRegex(ridgeline.RidgelineError, "no results of a sweep"):
                ridgeline.read_sweep(folder)
        swept = ridgeline.sweep(specification, program=PROGRAM)
        self.assertEqual(swept.points, kept.points)
        self.assertEqual([(point["arch.dram.bytes_per_cycle"], point["dataflow"]) for point in swept.points],
                         [(2, "auto"), (2, "rs"), (4, "auto"), (4, "rs")])
        self.assertIn("rs", swept.points[1]["failed"])
        self.assertIsNone(swept.points[0]["failed"])
        self.assertIsNone(swept.points[1]["latency_us"])
        self.assertGreater(swept.points[0]["latency_us"], swept.points[2]["latency_us"])
        self.assertEqual([point["point"] for point in swept.front], [0, 2])
        self.assertEqual({layer["point"] for layer in swept.layers}, {0, 2})
        self.assertIn("4 points, 2 of them", repr(swept))

    def test_says_what_is_wrong(self):
        with self.assertRaisesRegex(ridgeline.RidgelineError, "did you mean 'squeezelerator_8x8'") as caught:
            ridgeline.run("squeezelerator_8x", NETWORK, program=PROGRAM)
        self.assertEqual(caught.exception.code, 2)
        with tempfile.TemporaryDirectory() as folder:
            path = pathlib.Path(folder) / "bad.json"
            for text, message in (("{", "not JSON"), ("[]", "not a report"), ('{"schema": "ridgeline.map/1"}', "map/1"),
                                  ('{"schema": "ridgeline.run/1"}', "'arch' is missing")):
                path.write_text(text, encoding="utf-8")
                with self.assertRaisesRegex(ridgeline.RidgelineError, message):
                    ridgeline.read_report(path)

    def test_needs_pandas_for_pandas_only(self):
        report = ridgeline.read_report(GOLDEN / "eyeriss_v1.json")
        with self.assertRaisesRegex(ridgeline.RidgelineError, "needs pandas"):
            report.to_pandas()

    def test_the_example_is_python(self):
        compile((ROOT / "reports" / "python" / "example_plot.py").read_text(encoding="utf-8"), "example_plot.py", "exec")


if __name__ == "__main__":
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    PROGRAM = str(pathlib.Path(sys.argv.pop(1)).resolve())
    unittest.main()
