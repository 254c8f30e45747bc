#!/usr/bin/env python3
"""Pictures of the HTML report: SqueezeNet v1.0 on squeezelerator_16x16, light and dark, 1280 and 420
pixels wide, printed (PDF), and its first screen, which is docs/images/report.png.
Usage: tests/html/screenshots.py RIDGELINE FOLDER [NETWORK [ARCH]]"""

import pathlib
import subprocess
import sys

sys.dont_write_bytecode = True
from browser import Browser, find_chromium  # noqa: E402


def main():
    if len(sys.argv) not in (3, 4, 5):
        sys.exit(__doc__)
    if not find_chromium():
        sys.exit("screenshots.py: there is no chromium")
    program, folder = sys.argv[1], pathlib.Path(sys.argv[2])
    network = sys.argv[3] if len(sys.argv) > 3 else "squeezenet_v1.0"
    arch = sys.argv[4] if len(sys.argv) > 4 else "squeezelerator_16x16"
    folder.mkdir(parents=True, exist_ok=True)
    report = folder / "report.html"
    report.write_bytes(subprocess.run(
        [program, "run", "--arch", arch, "--network", network, "--format", "html"], check=True,
        stdout=subprocess.PIPE).stdout)
    with Browser() as browser:
        for theme in ("light", "dark"):
            for width in (1280, 420):
                page = browser.open(report, width, theme=theme)
                path = folder / f"report-{theme}-{width}.png"
                page.picture(path)
                print(path, page.complaints() or "")
                page.close()
        page = browser.open(report, 1280, 1040)
        page.value("ridgeline.select.pin(10)")
        page.picture(folder / "report.png", whole=False)
        page.value("ridgeline.select.clear()")
        page.settle()
        page.printed(folder / "report.pdf")
        page.close()


if __name__ == "__main__":
    main()
