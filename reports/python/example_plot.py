#!/usr/bin/env python3
"""Draws a roofline and where the cycles go, with matplotlib (Debian: python3-matplotlib).

    example_plot.py ARCH NETWORK FIGURE.pdf     runs without data, then draws
    example_plot.py REPORT.json FIGURE.pdf      draws a report that there is
"""

import sys

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt  # noqa: E402

import ridgeline  # noqa: E402

COLOURS = ["#0072b2", "#e69f00", "#009e73", "#d55e00", "#cc79a7", "#56b4e9"]  # Okabe and Ito's
MARKERS = "o^sDv*"


def draw_roofline(axes, report):
    array, bandwidth = report["arch"]["pe_array"], report["arch"]["dram"]["bytes_per_cycle"]
    peak = array["rows"] * array["cols"]
    layers = [layer for layer in report.layers if layer["macs"] > 0]
    intensities = [layer["roofline"]["macs_per_dram_byte"] for layer in layers]
    low, high = min(intensities + [peak / bandwidth]) / 2, max(intensities + [peak / bandwidth]) * 2
    axes.plot([low, peak / bandwidth, high], [low * bandwidth, peak, peak], color="black", label="roof")
    for i, dataflow in enumerate(dict.fromkeys(layer["dataflow"] for layer in layers)):
        points = [layer["roofline"] for layer in layers if layer["dataflow"] == dataflow]
        axes.scatter([p["macs_per_dram_byte"] for p in points], [p["attained_macs_per_cycle"] for p in points],
                     color=COLOURS[i % 6], marker=MARKERS[i % 6], label=dataflow)
    lowest = min([layer["roofline"]["attained_macs_per_cycle"] for layer in layers] + [peak])
    axes.set(xscale="log", yscale="log", ylim=(lowest / 2, peak * 2), xlabel="MACs / DRAM byte", ylabel="MACs / cycle", title="Roofline")
    axes.legend()


def draw_cycles(axes, report):
    causes = [cause for cause in report.total["cycles"] if cause != "total"]
    bottom = [0] * len(report.layers)
    for colour, cause in zip(COLOURS, causes):
        heights = [layer["cycles"][cause] for layer in report.layers]
        axes.bar(range(len(heights)), heights, bottom=bottom, color=colour, label=cause.replace("_", " "))
        bottom = [b + h for b, h in zip(bottom, heights)]
    axes.set(xlabel="layer", ylabel="cycles", title="Cycles by cause")
    axes.legend()


def main(words):
    if len(words) == 2:
        report = ridgeline.read_report(words[0])
    elif len(words) == 3:
        report = ridgeline.run(words[0], words[1], no_data=True)
    else:
        sys.exit(__doc__)
    figure, (left, right) = plt.subplots(1, 2, figsize=(12, 4.5), constrained_layout=True)
    figure.suptitle(f"{report.network} on {report.arch}")
    draw_roofline(left, report)
    draw_cycles(right, report)
    figure.savefig(words[-1])


if __name__ == "__main__":
    main(sys.argv[1:])
