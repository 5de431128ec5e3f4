"""The jobs that all peers are given, and how the Python ones load them. FisherFlow's names for the coefficients."""
import json
import time

import numpy as np
import pandas as pd
import scipy.sparse as sparse


class Seconds(float):
    """Wall time, with the processor time beside it."""

    cpu = None


class Moment:
    def __init__(self):
        self.wall, self.cpu = time.perf_counter(), time.process_time()

    def __sub__(self, earlier):
        seconds = Seconds(self.wall - earlier.wall)
        seconds.cpu = self.cpu - earlier.cpu
        return seconds


def started():
    return Moment()


def load(job, path, chunk=None):
    """The file as a data frame, or as an iterator of frames."""
    frame = pd.read_csv(path, chunksize=chunk)
    return frame


def dense(frame):
    """Response and design of the simulated jobs: an intercept and all columns but y."""
    x = frame.drop(columns="y").to_numpy()
    return frame["y"].to_numpy(float), np.column_stack([np.ones(len(x)), x])


def dense_terms(frame):
    return ["(Intercept)", *frame.columns.drop("y")]


def flights_levels(path):
    """Airports, which chunked peers have to be told beforehand: an extra pass that is not counted against them."""
    frame = pd.read_csv(path, usecols=["origin", "destination"], dtype="category")
    return {name: sorted(frame[name].cat.categories) for name in ("origin", "destination")}


def flights_terms(levels):
    return ["(Intercept)", "distance"] + [f"{name}[{level}]" for name in ("origin", "destination") for level in levels[name][1:]]


def flights_design(frame, levels, scale=1000.0):
    """y and a sparse design with treatment contrasts; distance in thousands of miles (undone by `unscale`)."""
    n = len(frame)
    rows, columns, values = [np.arange(n), np.arange(n)], [np.zeros(n, int), np.ones(n, int)], [np.ones(n), frame["distance"].to_numpy() / scale]
    start = 2
    for name in ("origin", "destination"):
        codes = pd.Categorical(frame[name], categories=levels[name]).codes
        kept = np.flatnonzero(codes > 0)
        rows.append(kept)
        columns.append(start + codes[kept] - 1)
        values.append(np.ones(len(kept)))
        start += len(levels[name]) - 1
    design = sparse.csr_matrix((np.concatenate(values), (np.concatenate(rows), np.concatenate(columns))), shape=(n, start))
    return (frame["delay"].to_numpy() > 15).astype(float), design


def unscale(estimates, scale=1000.0):
    estimates = np.array(estimates, float)
    estimates[1] /= scale
    return estimates


def report(rows, fit_seconds, terms=None, estimates=None, std_errors=None, note=""):
    clean = lambda values: None if values is None else [None if not np.isfinite(v) else float(v) for v in values]
    print(json.dumps({"rows": rows, "fit_seconds": fit_seconds, "fit_cpu": getattr(fit_seconds, "cpu", None), "terms": terms, "estimates": clean(estimates), "std_errors": clean(std_errors), "note": note}))
