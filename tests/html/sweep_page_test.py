#!/usr/bin/env python3
"""The page of sweeps in a headless Chromium, up to 100,000 points: what it draws, chooses and says.
Usage: sweep_page_test.py RIDGELINE_SWEEP_PAGE. Ends with 77, which ctest takes for skipped, without a browser."""

import pathlib
import subprocess
import sys
import tempfile
import unittest

sys.dont_write_bytecode = True
from browser import Browser, program_of_command_line  # noqa: E402

TOOL = ""
SIZES = (100, 3000, 100_000)
MOST_BYTES = 9_000_000  # of the largest
MOST_SECONDS = 3.0      # of the processor, to load and draw the largest
MOST_BRUSH_SECONDS = 1.0


class SweepPages(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.scratch = tempfile.TemporaryDirectory(prefix="ridgeline-sweep-", ignore_cleanup_errors=True)
        cls.folder = pathlib.Path(cls.scratch.name)
        for size in SIZES:
            subprocess.run([TOOL, str(size), cls.folder / f"{size}.html"], check=True)
        cls.browser = Browser()
        cls.pages = {}

    @classmethod
    def tearDownClass(cls):
        cls.browser.__exit__()
        cls.scratch.cleanup()

    def open(self, size, **more):
        """A page of its own."""
        page = self.browser.open(self.folder / f"{size}.html", **more)
        self.drawn(page)
        self.addCleanup(page.close)
        return page

    def shared(self, size=3000):
        """A page that tests leave as they found it, but for what is chosen and looked at."""
        if size not in self.pages:
            self.pages[size] = self.browser.open(self.folder / f"{size}.html")
        page = self.pages[size]
        page.to_front()
        page.value("document.activeElement.blur(); ridgeline.select.clear(); ridgeline.filter.clear()")
        page.value("scrollTo(0, 0)")
        self.drawn(page)
        return page

    def drawn(self, page):
        """What is chosen is worked out in one frame and drawn in the next."""
        page.settle()
        page.settle()

    def places(self, page, chart="scatter"):
        """Where the canvas is in the window."""
        return page.value(f"""(() => {{ const c = ridgeline.{chart}.canvas; c.scrollIntoView();
            const b = c.getBoundingClientRect(); return [b.left, b.top, b.width, b.height]; }})()""")

    def picture(self, page, chart):
        return page.value(f"ridgeline.{chart}.canvas.toDataURL()")

    def chosen(self, page):
        return page.value("Array.from(ridgeline.filter.chosen)")

    def columns(self, page):
        return page.value("ridgeline.sweep.goals.map(g => Array.from(g.values))")

    def test_nothing_complains_and_nothing_is_loaded(self):
        for size in SIZES:
            page = self.shared(size)
            page.value("document.querySelectorAll('details').forEach(d => d.open = true)")
            self.assertEqual(page.complaints(), [], size)
            self.assertEqual([url for url in page.requests() if not url.startswith("file:")], [], size)
            page.value("document.querySelectorAll('details').forEach(d => d.open = false)")

    def test_texts_from_outside_are_text(self):
        text = self.shared().value("document.querySelector('.settings-card').textContent")
        self.assertIn('=a,"b"\r\n</script>\\\u00e9', text)
        self.assertIn("<b>&amp;</b>", text)

    def test_the_front_is_that_of_all_pairs_and_its_line_falls(self):
        page = self.shared()
        points = list(zip(*self.columns(page), strict=True))
        front = {points[row] for row in page.value("ridgeline.sweep.front")}
        best, least = set(), float("inf")
        for point in sorted(set(points)):
            if point[1] < least:
                best.add(point)
                least = point[1]
        self.assertGreater(len(front), 3)
        self.assertEqual(front, best)
        line = [points[row] for row in page.value("ridgeline.scatter.line")]
        self.assertEqual(line, sorted(front))

    def test_of_a_front_of_three_metrics_the_line_is_that_of_two(self):
        page = self.shared(100)
        points = list(zip(*self.columns(page), strict=True))
        front = [points[row] for row in page.value("ridgeline.sweep.front")]
        line = [points[row][:2] for row in page.value("ridgeline.scatter.line")]
        self.assertGreater(len(front), len(line))
        for a, b in zip(line, line[1:], strict=False):
            self.assertLess(a[0], b[0])
            self.assertGreater(a[1], b[1])
        for x, y, _ in points:
            self.assertTrue(any(a <= x and b <= y for a, b in line))

    def test_the_line_is_there_for_figures_of_the_front_only(self):
        page = self.open(3000)
        choose = """(() => {{ const s = document.querySelectorAll('.controls select')[{}];
            s.value = [...s.options].findIndex(o => o.text === {!r}); s.dispatchEvent(new Event('change')); }})();"""
        before = self.picture(page, "scatter")
        page.value(choose.format(1, "area proxy (mm2)"))
        self.drawn(page)
        self.assertIsNone(page.value("ridgeline.scatter.line"))
        self.assertEqual(page.value("ridgeline.scatter.y.key"), "area")
        page.value(choose.format(0, "PEs") + choose.format(1, "energy (MAC equivalents)"))
        self.drawn(page)
        self.assertIsNone(page.value("ridgeline.scatter.line"))
        self.assertEqual(page.value("ridgeline.scatter.x.key"), "pes")
        page.value(choose.format(0, "latency (us)") + choose.format(1, "area proxy (mm2)"))
        self.drawn(page)
        self.assertNotEqual(self.picture(page, "scatter"), before)
        page.value(choose.format(1, "energy (MAC equivalents)"))
        self.drawn(page)
        self.assertEqual(self.picture(page, "scatter"), before)
        page.value(choose.format(2, "mapping"))
        self.drawn(page)
        self.assertEqual(page.value("ridgeline.colours.dimension.key"), "mapping")
        self.assertNotEqual(self.picture(page, "scatter"), before)

    def test_a_box_chooses_the_points_in_it(self):
        page = self.shared()
        before = [self.picture(page, chart) for chart in ("scatter", "parallel")]
        left, top, width, height = self.places(page)
        page.drag(left + width * 0.3, top + height * 0.2, left + width * 0.6, top + height * 0.8)
        self.drawn(page)
        (x0, x1), (y0, y1) = page.value("ridgeline.sweep.goals.map(g => ridgeline.filter.ranges.get(g))")
        xs, ys = self.columns(page)
        inside = [int(x0 <= x <= x1 and y0 <= y <= y1) for x, y in zip(xs, ys, strict=True)]
        self.assertTrue(0 < sum(inside) < len(inside) / 2)
        self.assertEqual(self.chosen(page), inside)
        # The box is where the pointer was.
        self.assertAlmostEqual(page.value("ridgeline.scatter.xScale.place(ridgeline.filter.ranges.get(ridgeline.scatter.x)[0])"), width * 0.3, delta=1)
        rows = page.value("[...document.querySelectorAll('.table tbody tr')].map(r => Number(r.dataset.row))")
        self.assertEqual(len(rows), min(200, sum(inside)))
        self.assertTrue(all(inside[row] for row in rows))
        self.assertIn(f"{sum(inside):,} of", page.value("document.querySelector('#chosen').textContent"))
        outside = page.value("[...document.querySelectorAll('.design')].map(c => [Number(c.dataset.row), c.classList.contains('outside')])")
        self.assertEqual([is_out for _, is_out in outside], [not inside[row] for row, _ in outside])
        for chart, picture in zip(("scatter", "parallel"), before, strict=True):
            self.assertNotEqual(self.picture(page, chart), picture)
        page.value("document.querySelector('#clear').click()")
        self.drawn(page)
        self.assertEqual(sum(self.chosen(page)), len(inside))
        page.point_at(2, 2)
        self.drawn(page)
        for chart, picture in zip(("scatter", "parallel"), before, strict=True):
            self.assertEqual(self.picture(page, chart), picture)

    def test_ranges_on_parallel_lines_combine(self):
        page = self.shared()
        left, top, _, height = self.places(page, "parallel")
        keys = page.value("ridgeline.parallel.lines.map(l => l.dimension.key)")
        self.assertEqual(keys, ["rows", "cols", "buffer", "bandwidth", "mapping", "latency", "energy", "utilization"])
        for key, low, high in (("buffer", 0.5, 1.1), ("latency", -0.1, 0.4)):
            x = left + page.value(f"ridgeline.parallel.at.x({keys.index(key)})")
            y = page.value(f"[{low}, {high}].map(ridgeline.parallel.at.y)")
            page.drag(x, top + max(y[1], 2), x, top + min(y[0], height - 2))
            self.drawn(page)
        wanted = page.value("""(() => { const [b, l] = [ridgeline.sweep.axes.find(a => a.key === 'buffer'), ridgeline.sweep.metrics[0]];
            return Array.from(b.values, (v, i) => Number(v >= 4.5 && Math.log(l.values[i] / l.least) <= 0.4 * Math.log(l.most / l.least))); })()""")
        self.assertTrue(0 < sum(wanted) < len(wanted) / 2)
        self.assertEqual(self.chosen(page), wanted)
        page.press("Escape")
        self.drawn(page)
        self.assertEqual(sum(self.chosen(page)), len(wanted))

    def test_the_keyboard_chooses_ranges_and_walks_along_the_front(self):
        page = self.shared()
        page.value("ridgeline.parallel.canvas.focus()")
        page.press("ArrowRight")
        page.press("ArrowUp")
        self.drawn(page)
        line = page.value("ridgeline.parallel.lines[0].dimension.key")
        self.assertIn("points chosen", page.value("document.querySelector('#speaker').textContent"))
        wanted = page.value(f"""(() => {{ const a = ridgeline.sweep.axes.find(d => d.key === '{line}');
            return Array.from(a.values, v => Number(v === a.marks.length - 1)); }})()""")
        self.assertEqual(self.chosen(page), wanted)
        page.press("Delete")
        self.drawn(page)
        self.assertEqual(sum(self.chosen(page)), len(wanted))
        page.value("ridgeline.scatter.canvas.focus()")
        page.press("ArrowRight")
        self.drawn(page)
        first = page.value("ridgeline.select.layer")
        self.assertEqual(first, page.value("ridgeline.scatter.line[0]"))
        name = page.value(f"'Point ' + ridgeline.sweep.numbers[{first}]")
        self.assertIn(name, page.value("document.querySelector('#speaker').textContent"))
        self.assertEqual(page.value("document.querySelector('#tip.shown h3').textContent"), name)
        page.press("ArrowLeft")
        self.assertEqual(page.value("ridgeline.select.layer"), page.value("ridgeline.scatter.line.at(-1)"))

    def test_pointing_at_a_point_says_its_settings_and_figures(self):
        page = self.shared()
        left, top, _, _ = self.places(page)
        before = self.picture(page, "scatter")
        row = page.value("ridgeline.scatter.line[2]")
        x, y = page.value(f"[ridgeline.scatter.places.x[{row}], ridgeline.scatter.places.y[{row}]]")
        page.point_at(left + x, top + y)
        self.drawn(page)
        self.assertEqual(page.value("ridgeline.select.layer"), row)
        tip = page.value("document.querySelector('#tip.shown').textContent")
        for word in ("rows", "cols", "buffer", "bandwidth", "mapping", "latency (us)", "area proxy", "PEs", "utilization"):
            self.assertIn(word, tip)
        self.assertNotEqual(self.picture(page, "scatter"), before)

    def test_the_best_are_cards_with_links_to_runs_that_exist(self):
        page = self.shared()
        links = page.value("[...document.querySelectorAll('.design')].map(c => c.querySelector('a')?.getAttribute('href') ?? null)")
        self.assertEqual(links, ["best/1.html", "best/2.html", "best/3.html"] + [None] * 7)
        facts = page.value("[...document.querySelectorAll('.design')].map(c => c.querySelector('dl').textContent)")
        self.assertEqual(["simulated" in fact and "(+1.00 %)" in fact and "(0 %)" in fact for fact in facts],
                         [True] * 3 + [False] * 7)
        latencies = page.value("[...document.querySelectorAll('.design')].map(c => ridgeline.sweep.metrics[0].values[c.dataset.row])")
        self.assertEqual(latencies, sorted(self.columns(page)[0])[:10])

    def test_sensitivity_has_a_bar_for_each_axis_and_metric(self):
        page = self.shared(100_000)
        bars = page.value("ridgeline.charts.sensitivity.data.datasets.map(d => d.data)")
        self.assertEqual(len(bars), 2)
        for metric in bars:
            self.assertEqual(len(metric), 5)
            self.assertTrue(50 < sum(metric) <= 100)
            self.assertLess(metric[4], 1)  # the mapping changes nothing but noise

    def test_columns_sort(self):
        page = self.shared()
        column = page.value("ridgeline.sweep.axes.length + 2")
        press = f"document.querySelectorAll('.table thead button')[{column}].click()"
        shown = "[...document.querySelectorAll('.table tbody tr')].map(r => ridgeline.sweep.metrics[1].values[r.dataset.row])"
        energies = sorted(self.columns(page)[1])
        page.value(press)
        self.assertEqual(page.value(shown), energies[:200])
        page.value(press)
        self.assertEqual(page.value(shown), energies[::-1][:200])
        self.assertEqual(page.value("document.querySelector('th[aria-sort]').getAttribute('aria-sort')"), "descending")
        page.value(f"document.querySelectorAll('.table thead button')[{column - 1}].click()")

    def test_light_dark_paper_and_narrow_screens(self):
        page = self.open(3000, theme="dark")
        background = "getComputedStyle(document.body).backgroundColor"
        dark, picture = page.value(background), self.picture(page, "scatter")
        page.value("document.querySelector('#theme').click()")
        self.drawn(page)
        self.assertNotEqual(page.value(background), dark)
        self.assertNotEqual(self.picture(page, "scatter"), picture)
        for width in (420, 1280):
            page.resize(width)
            self.drawn(page)
            self.assertLessEqual(page.value("document.documentElement.scrollWidth"), width)
        page.media("print")
        self.assertEqual(page.value(background), "rgb(255, 255, 255)")

    def test_a_hundred_thousand_points_stay_usable(self):
        self.assertLessEqual((self.folder / f"{SIZES[-1]}.html").stat().st_size, MOST_BYTES)
        page = self.open(SIZES[-1])
        loaded = page.cpu_seconds()
        self.assertGreater(page.value("ridgeline.sweep.count"), 95_000)
        self.assertGreater(loaded, 0.05)
        self.assertLessEqual(loaded, MOST_SECONDS)
        left, top, width, height = self.places(page)
        page.drag(left + width * 0.2, top + height * 0.2, left + width * 0.7, top + height * 0.9)
        self.drawn(page)
        self.assertTrue(1000 < sum(self.chosen(page)) < 90_000)
        brushed = page.cpu_seconds() - loaded
        self.assertLessEqual(brushed, MOST_BRUSH_SECONDS)
        print(f"100,000 points: {loaded:.2f} s to load and draw, {brushed:.2f} s to choose among them")


if __name__ == "__main__":
    TOOL = program_of_command_line(__doc__)
    unittest.main(verbosity=1)
