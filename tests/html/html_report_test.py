#!/usr/bin/env python3
"""The HTML report in a headless Chromium: what it draws, says and lets through.
Usage: html_report_test.py RIDGELINE. Ends with 77, which ctest takes for skipped, without a browser."""

import json
import pathlib
import subprocess
import sys
import tempfile
import unittest

sys.dont_write_bytecode = True
from browser import Browser, program_of_command_line  # noqa: E402

PROGRAM = ""
HOSTILE = "</script><img src=x onerror='window.hit=1'>&amp;<b>\"'${1}`"
MOST_BYTES = 600_000
MOST_SECONDS = 2.0


def hostile_network():
    """Two layers, whose names are markup."""
    return {
        "schema": "ridgeline.network/1", "name": "<script>window.hit=2</script>", "input": [1, 3, 20, 20],
        "nodes": [
            {"name": "data", "op": "input"},
            {"name": HOSTILE, "op": "conv", "inputs": ["data"], "filters": 20, "kernel": [3, 3]},
            {"name": "pool", "op": "max_pool", "inputs": [HOSTILE], "kernel": [2, 2], "stride": [2, 2]},
            {"name": "last\u2028", "op": "conv", "inputs": ["pool"], "filters": 5, "kernel": [1, 1]}]}


class Pages(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.scratch = tempfile.TemporaryDirectory(prefix="ridgeline-html-", ignore_cleanup_errors=True)
        cls.folder = pathlib.Path(cls.scratch.name)
        (cls.folder / "hostile.json").write_text(json.dumps(hostile_network()))
        cls.make("hostile", "squeezelerator_8x8", str(cls.folder / "hostile.json"), "--no-data")
        cls.make("next", "squeezelerator_16x16", "squeezenext_1.0_23v5")
        cls.make("eyeriss", "eyeriss_v1", "alexnet", "--no-data")
        cls.compare(str(cls.folder / "hostile.json"), "squeezenet_v1.1")
        cls.browser = Browser()
        cls.pages = {}

    @classmethod
    def tearDownClass(cls):
        cls.browser.__exit__()
        cls.scratch.cleanup()

    @classmethod
    def make(cls, name, arch, network, *more):
        command = [PROGRAM, "run", "--arch", arch, "--network", network, "--format", "html", *more]
        text = subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout
        (cls.folder / f"{name}.html").write_bytes(text)

    @classmethod
    def compare(cls, *networks):
        """comparison.html of two networks on one machine."""
        files = []
        for network in networks:
            files.append(cls.folder / f"{len(files)}.json")
            command = [PROGRAM, "run", "--arch", "squeezelerator_8x8", "--network", network, "--no-data", "--format", "json"]
            files[-1].write_bytes(subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout)
        text = subprocess.run([PROGRAM, "compare", *files, "--format", "html"], check=True, stdout=subprocess.PIPE).stdout
        (cls.folder / "comparison.html").write_bytes(text)

    def open(self, name, **more):
        """A page of its own."""
        page = self.browser.open(self.folder / f"{name}.html", **more)
        page.settle()
        self.addCleanup(page.close)
        return page

    def shared(self, name):
        """A page that tests leave as they found it, but for the layer that is looked at."""
        if name not in self.pages:
            self.pages[name] = self.browser.open(self.folder / f"{name}.html")
        page = self.pages[name]
        page.to_front()
        page.value("document.activeElement.blur(); ridgeline.select.clear()")
        page.settle()
        return page

    def click(self, page, selector):
        page.value(f"document.querySelector({json.dumps(selector)}).click()")

    def test_nothing_complains_and_nothing_is_loaded(self):
        for name in ("hostile", "next", "eyeriss", "comparison"):
            page = self.shared(name)
            page.value("document.querySelectorAll('details').forEach(d => d.open = true)")
            self.assertEqual(page.complaints(), [], name)
            self.assertEqual([url for url in page.requests() if not url.startswith("file:")], [], name)

    def test_the_page_holds_the_json_report(self):
        command = [PROGRAM, "run", "--arch", "squeezelerator_16x16", "--network", "squeezenext_1.0_23v5", "--format", "json"]
        report = json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout)
        self.assertEqual(self.shared("next").value("ridgeline.run"), report)

    def test_charts_have_a_point_for_each_layer_and_pe(self):
        for name in ("hostile", "next", "eyeriss"):
            page = self.shared(name)
            layers = page.value("ridgeline.run.layers")
            on_array = [layer for layer in layers if layer["dataflow"] != "vector"]
            points = "charts.%s.data.datasets.filter(s => s.kind === undefined).flatMap(s => s.data)"
            for chart in ("roofline", "['energy-roofline']"):
                count = page.value("ridgeline." + (points % chart).replace(".[", "[") + ".length")
                self.assertEqual(count, len(on_array), (name, chart))
            for chart, key in (("latency", "cycles"), ("energy", "energy_pj")):
                sums = page.value(f"""ridgeline.run.layers.map((_, i) => ridgeline.charts.{chart}.data.datasets
                    .reduce((sum, set) => sum + set.data[i], 0))""")
                for got, layer in zip(sums, layers, strict=True):
                    self.assertAlmostEqual(got, layer[key]["total"], delta=1e-9 * layer[key]["total"])
            array = page.value("ridgeline.run.arch.pe_array")
            self.assertEqual(page.value("ridgeline.charts.heat.data.datasets[0].data.length"), array["rows"] * array["cols"])

    def test_the_heat_of_the_array_is_its_utilisation(self):
        for name in ("hostile", "next", "eyeriss"):
            page = self.shared(name)
            for layer in (None, 0, 1, 2):
                page.value(f"ridgeline.select.hover({json.dumps(layer)})")
                page.settle()
                mean, said = page.value(f"""(() => {{
                    const layer = {json.dumps(layer)};
                    const cells = ridgeline.charts.heat.data.datasets[0].data;
                    const one = layer === null ? ridgeline.run.total : ridgeline.run.layers[layer];
                    return [cells.reduce((sum, c) => sum + c.busy, 0) / cells.length, one.utilization]; }})()""")
                self.assertAlmostEqual(mean, said, delta=1e-9, msg=f"{name} {layer}")

    def test_the_waterfall_ends_where_the_roofline_is(self):
        page = self.shared("next")
        for layer in (0, 1, 2, 50):
            page.value(f"ridgeline.select.hover({layer})")
            page.settle()
            end, attained = page.value(f"""(() => {{
                const bars = ridgeline.charts.waterfall.data.datasets[0].data;
                const point = ridgeline.charts.roofline.data.datasets.flatMap(s => s.data).find(p => p.layer === {layer});
                const pes = ridgeline.run.arch.pe_array;
                return [bars[bars.length - 1][1], point ? point.y / (pes.rows * pes.cols) : 0]; }})()""")
            self.assertAlmostEqual(end, attained, delta=1e-6)

    def test_hostile_names_stay_text(self):
        page = self.open("hostile")
        page.value("""document.querySelectorAll('details').forEach(d => d.open = true);
            document.querySelector('#latency').focus()""")
        page.press("ArrowRight")
        page.settle()
        self.assertIsNone(page.value("window.hit"))
        self.assertEqual(page.value("document.querySelectorAll('img, b, iframe').length"), 0)
        self.assertEqual(page.value("document.querySelectorAll('script').length"), 4)
        name = HOSTILE
        self.assertEqual(page.value("document.querySelector('tbody th').textContent"), name)
        self.assertEqual(page.value("document.querySelector('.table tbody tr:last-child th').textContent"), "last\u2028")
        self.assertEqual(page.value("document.querySelector('#tip h3').textContent"), name)
        self.assertEqual(page.value("document.title"), "<script>window.hit=2</script> on squeezelerator_8x8")
        self.assertIn(name, page.value("document.querySelector('#speaker').textContent"))

    def test_a_comparison_shows_every_layer_of_both_runs(self):
        page = self.shared("comparison")
        data = page.value("ridgeline.comparison")
        rows = len(data["layers"]) + len(data["only_a"]) + len(data["only_b"])
        self.assertEqual((len(data["layers"]), len(data["only_a"]), len(data["only_b"])), (0, 3, 30))
        for chart in ("cycles", "energy"):
            self.assertEqual(page.value(f"ridgeline.charts.{chart}.data.datasets.map(s => s.data.length)"), [rows, rows])
        self.assertEqual(page.value("document.querySelectorAll('.table tbody tr[data-row]').length"), rows)
        self.assertEqual(page.value("document.querySelector('tbody th').textContent"), HOSTILE)
        self.assertEqual(page.value("document.querySelectorAll('img, b').length"), 0)
        self.assertIsNone(page.value("window.hit"))
        page.value("document.querySelector('#cycles').focus()")
        page.press("ArrowLeft")
        page.settle()
        self.assertEqual(page.value("document.querySelector('tr.mark th').textContent"), "pool10")
        self.assertEqual(page.value("document.querySelector('#tip h3').textContent"), "pool10")

    def test_the_policy_lets_nothing_in(self):
        page = self.open("hostile")
        page.value("""(() => { const s = document.createElement('script'); s.textContent = 'window.hit = 3';
            document.body.append(s);
            const d = document.createElement('div'); d.innerHTML = '<img src="data:," onerror="window.hit = 4">';
            document.body.append(d); })()""")
        refused = page.value("fetch('http://127.0.0.1:9/').then(() => 'loaded', () => 'refused')")
        page.settle()
        self.assertEqual(refused, "refused")
        self.assertIsNone(page.value("window.hit"))
        complaints = " ".join(page.complaints())
        for directive in ("script-src", "connect-src"):
            self.assertIn(directive, complaints)

    def test_the_table_sorts(self):
        page = self.shared("next")
        column = """[...document.querySelectorAll('.table tbody tr')].map(r =>
            Number(r.children[%d].textContent.replaceAll(',', '')))"""
        heads = page.value("[...document.querySelectorAll('.table thead button')].map(b => b.textContent)")
        cycles, number = heads.index("cycles"), heads.index("#")
        press = f"document.querySelectorAll('.table thead button')[{cycles}].click()"
        order = page.value(column % number)
        self.assertEqual(order, sorted(order))
        page.value(press)
        falling = page.value(column % cycles)
        self.assertEqual(falling, sorted(falling, reverse=True))
        self.assertGreater(falling[0], falling[-1])
        self.assertEqual(page.value("document.querySelector('th[aria-sort]').getAttribute('aria-sort')"), "descending")
        page.value(press)
        self.assertEqual(page.value(column % cycles), falling[::-1])
        page.value(press)
        self.assertEqual(page.value(column % number), order)

    def test_pointing_at_a_bar_marks_its_layer_everywhere(self):
        page = self.shared("next")
        x, y = page.value("""(() => { const c = ridgeline.charts.latency; c.canvas.scrollIntoView();
            const b = c.canvas.getBoundingClientRect(), bar = c.getDatasetMeta(0).data[3];
            return [b.left + bar.x, b.top + bar.y - 2]; })()""")
        page.point_at(x, y)
        page.settle()
        name = page.value("ridgeline.run.layers[3].name")
        self.assertEqual(page.value("ridgeline.select.layer"), 3)
        self.assertEqual(page.value("document.querySelector('tr.mark th').textContent"), name)
        self.assertEqual(page.value("document.querySelector('#tip.shown h3').textContent"), name)
        for chart in ("waterfall", "heat"):
            self.assertIn(name, page.value(f"document.querySelector('#{chart}').closest('section').querySelector('.of').textContent"))
        # What canvases show of it is seen by what they show without it.
        with_mark = page.value("['roofline', 'energy'].map(c => ridgeline.charts[c].canvas.toDataURL())")
        page.point_at(2, 2)
        page.settle()
        self.assertIsNone(page.value("ridgeline.select.layer"))
        self.assertEqual(page.value("document.querySelectorAll('tr.mark, #tip.shown').length"), 0)
        without = page.value("['roofline', 'energy'].map(c => ridgeline.charts[c].canvas.toDataURL())")
        for marked, plain in zip(with_mark, without, strict=True):
            self.assertNotEqual(marked, plain)

    def test_the_keyboard_reaches_every_layer(self):
        page = self.shared("next")
        last = page.value("ridgeline.run.layers.length") - 1
        for chart in ("roofline", "energy-roofline", "latency", "energy"):
            page.value(f"document.querySelector('#{chart}').focus()")
            page.press("ArrowRight")
            self.assertEqual(page.value("ridgeline.select.layer"), 0, chart)
            page.press("ArrowLeft")
            self.assertEqual(page.value("ridgeline.select.layer"), last, chart)
            self.assertIn(page.value(f"ridgeline.run.layers[{last}].name"), page.value("document.querySelector('#speaker').textContent"))
        page.press("Enter")
        page.value("document.activeElement.blur()")
        self.assertEqual(page.value("ridgeline.select.layer"), last)
        page.press("Escape")
        self.assertIsNone(page.value("ridgeline.select.layer"))
        page.value("document.querySelector('.table tbody tr').focus()")
        page.press("ArrowDown")
        self.assertEqual(page.value("ridgeline.select.layer"), 1)

    def test_a_click_on_a_legend_hides_its_points(self):
        page = self.shared("next")
        self.addCleanup(page.value, "document.querySelector('#roofline').closest('section').querySelector('.legend button').click()")
        button = "document.querySelector('#roofline').closest('section').querySelector('.legend button')"
        self.assertTrue(page.value("ridgeline.charts.roofline.isDatasetVisible(0)"))
        page.value(button + ".click()")
        self.assertFalse(page.value("ridgeline.charts.roofline.isDatasetVisible(0)"))
        self.assertEqual(page.value(button + ".getAttribute('aria-pressed')"), "false")

    def test_each_memory_level_has_its_roofline(self):
        page = self.shared("next")
        levels = page.value("[...document.querySelectorAll('.tabs input')].map(i => i.value)")
        self.assertEqual(levels, ["dram", "ifmap_port", "filter_port", "psum_in_port", "psum_out_port", "register_file"])
        seen = set()
        for i in range(len(levels)):
            page.value(f"document.querySelectorAll('.tabs input')[{i}].click()")
            points = page.value("ridgeline.charts.roofline.data.datasets.filter(s => s.kind === undefined).flatMap(s => s.data)")
            roof = page.value("ridgeline.charts.roofline.data.datasets.find(s => s.kind === 'roof').data")
            slope = max(p["y"] / p["x"] for p in roof)
            for point in points:
                self.assertLessEqual(point["y"], min(slope * point["x"], roof[-1]["y"]) * (1 + 1e-6))
            seen.add(json.dumps(points))
        self.assertEqual(len(seen), len(levels))
        page.value("document.querySelector('.tabs input').click()")

    def test_the_configuration_is_whole(self):
        page = self.shared("next")
        text = page.value("document.querySelector('.settings-card').textContent")
        for arch_text in page.value("[...ridgeline.run.arch.source, ...ridgeline.run.arch.assumptions]"):
            self.assertIn(arch_text, text)
        names = page.value("[...document.querySelectorAll('.settings dt')].map(d => d.textContent)")
        for key in page.value("Object.keys(ridgeline.run.arch.pe_array).concat(Object.keys(ridgeline.run.arch.dram))"):
            self.assertIn(key.replace("_", " "), names)
        self.assertNotIn("[object", text)

    def test_every_chart_has_a_table_behind_it(self):
        page = self.shared("next")
        cards = page.value("[...document.querySelectorAll('canvas[id]')].map(c => c.id)")
        self.assertEqual(cards, ["roofline", "energy-roofline", "latency", "energy", "waterfall", "heat"])
        for card in cards:
            rows = page.value(f"""(async () => {{ const d = document.querySelector('#{card}').closest('section').querySelector('details');
                d.open = true; await new Promise(done => setTimeout(done)); return d.querySelectorAll('tbody tr').length; }})()""")
            layers = page.value("ridgeline.run.layers.length")
            self.assertEqual(rows, {"heat": 16, "roofline": layers, "energy-roofline": layers}.get(card, layers + 1), card)
            self.assertTrue(page.value(f"document.querySelector('#{card}').getAttribute('aria-label')"))

    def test_light_dark_and_paper(self):
        background = "getComputedStyle(document.body).backgroundColor"
        page = self.open("hostile", theme="dark")
        dark = page.value(background)
        self.click(page, "#theme")
        light = page.value(background)
        self.assertNotEqual(light, dark)
        page.theme("light")
        self.click(page, "#theme")
        self.assertEqual(page.value(background), dark)
        page.media("print")
        self.assertEqual(page.value(background), "rgb(255, 255, 255)")
        self.assertEqual(page.value("getComputedStyle(document.querySelector('.tools')).display"), "none")

    def test_nothing_is_wider_than_a_narrow_screen(self):
        page = self.shared("next")
        for width in (420, 1280):
            page.resize(width)
            page.settle()
            self.assertLessEqual(page.value("document.documentElement.scrollWidth"), width)

    def test_it_is_small_and_quick(self):
        self.assertLessEqual((self.folder / "next.html").stat().st_size, MOST_BYTES)
        # Time of the processor, as others may be busy on the machine.
        seconds = self.open("next").cpu_seconds()
        self.assertGreater(seconds, 0.01)
        self.assertLessEqual(seconds, MOST_SECONDS)


if __name__ == "__main__":
    PROGRAM = program_of_command_line(__doc__)
    unittest.main(verbosity=1)
