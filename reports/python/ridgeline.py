"""Ridgeline from Python: run it, sweep configurations, read its reports. Standard library only.

    import ridgeline
    report = ridgeline.run("squeezelerator_16x16", "squeezenet_v1.0", no_data=True)
    report.total["cycles"]["total"], report.layers[0]["utilization"]
    report.to_pandas()                       # a row a layer, where pandas is installed

    sweep = ridgeline.sweep({"schema": "ridgeline.sweep/1", "arch": "squeezelerator_16x16", "networks": ["alexnet"],
                             "axes": [{"set": {"arch.global_buffer.bytes": [65536, 131072]}}]})
    sweep.points, sweep.front                # a flat dict a point, settings and figures
    sweep.to_pandas()

    small = {"base": "squeezelerator_16x16", "name": "small", "global_buffer": {"bytes": 65536}}
    reports = ridgeline.run_all(ridgeline.grid(arch=["squeezelerator_16x16", small], network=["alexnet"],
                                               no_data=[True]))
    ridgeline.totals(reports)                # rows for csv.DictWriter or pandas.DataFrame

A report is what 'ridgeline run --format json' writes, schema ridgeline.run/1; its keys carry their
units. Energy is in report["energy_unit"]: "MAC" stands for MAC equivalents.
"""

import concurrent.futures
import csv
import itertools
import json
import os
import pathlib
import shutil
import subprocess
import tempfile

__all__ = ["Report", "RidgelineError", "Sweep", "find_program", "flat", "grid", "read_report", "read_sweep", "run",
           "run_all", "sweep", "totals"]

SCHEMA = "ridgeline.run/1"


class RidgelineError(Exception):
    """The program refused its input or failed; `code` is its exit code, the text its message."""

    def __init__(self, message, code=None):
        super().__init__(message)
        self.code = code


def flat(value, name=""):
    """A dict without nesting: {"cycles": {"total": 1}} -> {"cycles_total": 1}. Lists stay as they are."""
    row = {}
    for key, item in value.items():
        path = f"{name}_{key}" if name else key
        if isinstance(item, dict):
            row.update(flat(item, path))
        else:
            row[path] = item
    return row


def _frame(rows, instead):
    try:
        import pandas
    except ImportError as error:
        raise RidgelineError(f"to_pandas() needs pandas, which is not installed; {instead} does without") from error
    return pandas.DataFrame(rows)


class Report:
    """The report of a run. `data` is all of it, as JSON has it."""

    def __init__(self, data, origin="report"):
        if not isinstance(data, dict) or data.get("schema") != SCHEMA:
            schema = data.get("schema") if isinstance(data, dict) else None
            raise RidgelineError(f"{origin}: not a report of schema {SCHEMA}, but {schema!r}")
        for key in ("arch", "network", "layers", "total"):
            if key not in data:
                raise RidgelineError(f"{origin}: the key {key!r} is missing")
        self.data = data

    def __getitem__(self, key):
        return self.data[key]

    def __repr__(self):
        return f"<Report {self.network} on {self.arch}, {len(self.layers)} layers>"

    @property
    def network(self):
        """Name of the network."""
        return self.data["network"]["name"]

    @property
    def arch(self):
        """Name of the architecture; data["arch"] has every parameter."""
        return self.data["arch"]["name"]

    @property
    def layers(self):
        """One dict a layer, in the order of execution."""
        return self.data["layers"]

    @property
    def total(self):
        return self.data["total"]

    def layer(self, name):
        for layer in self.layers:
            if layer["name"] == name:
                return layer
        raise KeyError(f"{self.network} has no layer {name!r}")

    def rows(self):
        """A flat dict a layer, for csv.DictWriter or pandas."""
        return [{"network": self.network, "arch": self.arch, **flat(layer)} for layer in self.layers]

    def total_row(self):
        """The total as one flat dict."""
        return {"network": self.network, "arch": self.arch, "precision": self.data["precision"],
                "dataflow": self.data["dataflow"], **flat(self.total)}

    def to_pandas(self):
        """A DataFrame with a row a layer. Needs pandas."""
        return _frame(self.rows(), "rows()")

    def write(self, path):
        pathlib.Path(path).write_text(json.dumps(self.data, indent=1) + "\n", encoding="utf-8")


def read_report(path):
    """The report in a file."""
    try:
        data = json.loads(pathlib.Path(path).read_text(encoding="utf-8"))
    except ValueError as error:
        raise RidgelineError(f"{path}: not JSON: {error}") from error
    return Report(data, str(path))


def find_program():
    """The program: $RIDGELINE, 'ridgeline' on the PATH, or the one built in this source tree."""
    named = os.environ.get("RIDGELINE") or shutil.which("ridgeline")
    if named:
        return named
    built = pathlib.Path(__file__).resolve().parents[2] / "build" / "release" / "ridgeline"
    if built.exists():
        return str(built)
    raise RidgelineError("there is no ridgeline: set RIDGELINE to its path, put it on the PATH, or build it")


def _options(options):
    """no_data=True -> --no-data, batch=4 -> --batch 4, layer_precision=["a=int16"] -> one for each."""
    words = []
    for name, value in options.items():
        option = "--" + name.replace("_", "-")
        if value is True:
            words.append(option)
        elif value is None or value is False:
            continue
        else:
            for one in value if isinstance(value, (list, tuple)) else [value]:
                words += [option, str(one)]
    return words


def _as_name(value, kind, folder):
    """What --arch and --network take: a name or path, or a dict as the JSON file of its own."""
    if not isinstance(value, dict):
        return str(value)
    # An architecture's name is that of its file.
    path = pathlib.Path(folder) / f"{str(value.get('name', kind)).replace('/', '_')}.json"
    path.write_text(json.dumps(value), encoding="utf-8")
    return str(path)


def run(arch, network, *, program=None, **options):
    """Runs a network on an architecture and returns its Report.

    arch, network: a name that 'ridgeline list' prints, a path, or a dict (an architecture's may have a
    "base" and say only what differs). Other keyword arguments are options of 'ridgeline run'.
    Raises RidgelineError with the program's message; a run whose check fails raises, too.
    """
    with tempfile.TemporaryDirectory(prefix="ridgeline-") as folder:
        words = [program or find_program(), "run", "--arch", _as_name(arch, "arch", folder),
                 "--network", _as_name(network, "network", folder), *_options(options), "--format", "json"]
        done = subprocess.run(words, stdin=subprocess.DEVNULL, capture_output=True, check=False)
    if done.returncode != 0:
        message = done.stderr.decode("utf-8", "replace").strip()
        raise RidgelineError(message or f"ridgeline ended with {done.returncode}", done.returncode)
    return Report(json.loads(done.stdout))


def grid(**lists):
    """Every combination of the lists, as keyword arguments of run: grid(arch=[a, b], network=[n])."""
    return [dict(zip(lists, values)) for values in itertools.product(*lists.values())]


def run_all(configurations, *, jobs=None, keep_errors=False, program=None):
    """Runs each configuration (keyword arguments of run), `jobs` at a time, and returns their reports in order.

    The first RidgelineError is raised when all others are done; with keep_errors it stands in the list in
    the report's place. jobs: as many as there are processors, if not given.
    """
    program = program or find_program()

    def one(configuration):
        try:
            return run(**{"program": program, **configuration})
        except RidgelineError as error:
            return error

    # Threads only wait: each run is a process.
    with concurrent.futures.ThreadPoolExecutor(max_workers=jobs or os.cpu_count() or 1) as pool:
        results = list(pool.map(one, configurations))
    if not keep_errors:
        for result in results:
            if isinstance(result, RidgelineError):
                raise result
    return results


def totals(reports):
    """The totals of several runs as rows; errors of run_all are left out."""
    return [report.total_row() for report in reports if isinstance(report, Report)]


def _number(text):
    """A field of a CSV file: a number where it is one, None where it is empty."""
    for kind in (int, float):
        try:
            return kind(text)
        except ValueError:
            pass
    return text or None


def _table(path):
    with open(path, newline="", encoding="utf-8", errors="surrogateescape") as file:
        return [{key: _number(value) for key, value in row.items()} for row in csv.DictReader(file)]


class Sweep:
    """The results of a sweep: lists of flat dicts, which name settings ("arch.pe_array.rows") and figures
    ("latency_us"). A point that failed says why in "failed"."""

    def __init__(self, points, front, layers):
        self.points, self.front, self.layers = points, front, layers

    def __repr__(self):
        return f"<Sweep of {len(self.points)} points, {len(self.front)} of them on the front>"

    def to_pandas(self):
        """A DataFrame with a row a point. Needs pandas."""
        return _frame(self.points, "points")


def read_sweep(folder):
    """The results in a folder that 'ridgeline sweep --out' or 'sweep merge' filled."""
    folder = pathlib.Path(folder)
    if not (folder / "points.csv").exists():
        raise RidgelineError(f"{folder}: no results of a sweep; 'ridgeline sweep merge' makes them of its shards")
    layers = folder / "layers.csv"
    return Sweep(_table(folder / "points.csv"), _table(folder / "front.csv"),
                 _table(layers) if layers.exists() else [])


def sweep(specification, out=None, *, program=None, **options):
    """Runs a sweep and returns it.

    specification: the path of a file or a dict, schema ridgeline.sweep/1. out: the folder for its files, which
    resume=True goes on with; without it they are removed. Other keyword arguments are options of
    'ridgeline sweep'. Raises RidgelineError with the program's message.
    """
    with tempfile.TemporaryDirectory(prefix="ridgeline-") as folder:
        target = pathlib.Path(out) if out is not None else pathlib.Path(folder) / "sweep"
        words = [program or find_program(), "sweep", _as_name(specification, "specification", folder),
                 "--out", str(target), *_options(options)]
        done = subprocess.run(words, stdin=subprocess.DEVNULL, capture_output=True, check=False)
        if done.returncode != 0:
            message = done.stderr.decode("utf-8", "replace").strip()
            raise RidgelineError(message or f"ridgeline ended with {done.returncode}", done.returncode)
        return read_sweep(target)
