#!/usr/bin/env python3
"""Runs the same fits with FisherFlow and its peers, each in a process of its own, and prints one table in Markdown.

    bench/peers/run.py --flights flights-3m.csv.gz [--fisherflow PATH] [--memory PATH] [--jobs flights,logistic,gaussian] [--peers NAME,…] [--python PYTHON] [--timeout 300]

Needs nothing but Python's standard library itself; a peer that is not installed is listed as such. The yardstick is the maximum likelihood
estimate by Newton's method (exact.py), made once and kept with the simulated data in --work. `distance` is the largest difference from it over all
identified coefficients, in standard errors. `fitting` is what every peer measures itself, on data already in memory; FisherFlow's part in that comparison is the
benchmark program (--memory bench/.../FisherFlow.Benchmarks), on one thread, for its command reads and fits at once. `CPU` is user and system time of the process, which other load on the machine disturbs less than `wall`.
"""
import argparse
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent
FORMULA = {"flights": "I(delay > 15) ~ distance + origin + destination", "logistic": "y ~ .", "gaussian": "y ~ ."}
FAMILY = {"flights": "binomial", "logistic": "binomial", "gaussian": "gaussian"}


def peers(job, path, options):
    """(name, command) of everyone who can do the job."""
    script = lambda name, *rest: [options.python, str(HERE / name), job, path, *rest]
    r = lambda kind: ["Rscript", str(HERE / "r_fit.R"), job, path, kind]
    if options.fisherflow:
        fit = [options.fisherflow, "fit", path, FORMULA[job], "--family", FAMILY[job], "--format", "json", "--quiet"]
        yield "FisherFlow, one pass", fit
        yield "FisherFlow, exact", [*fit, "--passes", "exact"]
    if options.memory and job != "flights":
        yield "FisherFlow, one pass in memory", [options.memory, "--quick", "fit", job, path]
    yield "pandas.read_csv alone", script("pandas_read.py")
    if job == "gaussian":
        yield "scikit-learn LinearRegression", script("sklearn_fit.py", "ols")
        yield "statsmodels OLS", script("statsmodels_fit.py", "ols")
    else:
        yield "scikit-learn lbfgs", script("sklearn_fit.py", "lbfgs")
        yield "scikit-learn newton-cholesky", script("sklearn_fit.py", "newton-cholesky")
    yield "scikit-learn SGD, one pass", script("sklearn_fit.py", "sgd")
    if job == "logistic":
        yield "statsmodels Logit", script("statsmodels_fit.py", "logit")
        yield "statsmodels GLM", script("statsmodels_fit.py", "glm")
    if job != "flights":           # their dense design of the flights is 11 GB before the first step
        yield "R glm", r("glm")
        yield "R speedglm", r("speedglm")
    yield ("R biglm" if job == "gaussian" else "R bigglm"), r("bigglm")


def measure(command, timeout):
    """Runs a command; returns (stdout, last words of stderr, wall s, CPU s, peak MB)."""
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        begun = time.monotonic()
        process = subprocess.Popen(command, stdout=out, stderr=err)
        while True:
            done, status, usage = os.wait4(process.pid, os.WNOHANG)
            wall = time.monotonic() - begun
            if done:
                break
            if wall > timeout:
                process.kill()
                os.wait4(process.pid, 0)
                raise TimeoutError(f"stopped after {timeout:.0f} s")
            time.sleep(0.02)
        process.returncode = os.waitstatus_to_exitcode(status)
        out.seek(0)
        err.seek(0)
        output, words = out.read().decode(), err.read().decode().strip()
        if process.returncode != 0:
            raise RuntimeError((words.splitlines() or ["no message"])[-1][:160])
        return output, wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def answer(output):
    """What a peer's JSON says, or FisherFlow's."""
    text = json.loads(output if output.lstrip().startswith("{\n") else output.strip().splitlines()[-1])
    if "coefficients" not in text:
        return text
    return {"rows": text["observations"], "fit_seconds": None, "note": "; ".join(text.get("warnings", []))[:80],
            "terms": [c["term"] for c in text["coefficients"]], "estimates": [c["estimate"] for c in text["coefficients"]],
            "std_errors": [c["std_error"] for c in text["coefficients"]]}


def distance(found, exact):
    """The largest |b − MLE|/SE over identified coefficients; None without coefficients."""
    if not found.get("terms"):
        return None
    mine = dict(zip(found["terms"], found["estimates"]))
    known = [(t, b, s) for t, b, s, ok in zip(exact["terms"], exact["estimates"], exact["std_errors"], exact["identified"]) if ok]
    missing = [t for t, _, _ in known if mine.get(t) is None]
    if missing:
        return float("inf")
    return max(abs(mine[t] - b) / s for t, b, s in known)


def prepare(job, options):
    """The job's data file and yardstick, made where they are missing."""
    path = pathlib.Path(options.flights) if job == "flights" else options.work / f"{job}-{options.rows}.csv"
    if job == "flights" and not path.exists():
        return None, None
    if not path.exists():
        subprocess.run([options.python, str(HERE / "simulate.py"), job, str(options.rows), "20", str(path)], check=True)
    yardstick = options.work / f"{job}-{path.stat().st_size}.exact.json"
    if not yardstick.exists():
        subprocess.run([options.python, str(HERE / "exact.py"), job, str(path), str(yardstick)], check=True)
    return str(path), json.loads(yardstick.read_text())


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--flights", default=os.path.join(os.environ.get("FISHERFLOW_DATA", "."), "flights/flights-3m.csv.gz"))
    parser.add_argument("--fisherflow", help="the program; left out when not given")
    parser.add_argument("--memory", help="the benchmark program, for the comparison in memory; left out when not given")
    parser.add_argument("--jobs", default="flights,logistic,gaussian")
    parser.add_argument("--peers", help="only those whose name contains one of these, separated by commas")
    parser.add_argument("--rows", type=int, default=500_000, help="rows of the simulated jobs")
    parser.add_argument("--python", default=sys.executable)
    parser.add_argument("--timeout", type=float, default=300)
    parser.add_argument("--work", type=pathlib.Path, default=pathlib.Path(tempfile.gettempdir()) / "fisherflow-peers")
    options = parser.parse_args()
    options.work.mkdir(exist_ok=True)
    if options.fisherflow:
        options.fisherflow = shutil.which(options.fisherflow) or options.fisherflow
    for job in options.jobs.split(","):
        path, exact = prepare(job, options)
        if path is None:
            print(f"\n### {job}: no data at {options.flights}\n")
            continue
        print(f"\n### {job}: {FORMULA[job]}, {len(exact['terms'])} coefficients\n")
        print("| program | wall s | CPU s | rows/s | fitting s | fitting CPU s | rows/CPU s fitting | peak MB | distance from MLE (SE) | standard errors | note |\n|---|---|---|---|---|---|---|---|---|---|---|")
        for name, command in peers(job, path, options):
            if options.peers and not any(part in name for part in options.peers.split(",")):
                continue
            try:
                output, wall, cpu, peak = measure(command, options.timeout)
                found = answer(output)
                far = distance(found, exact)
                fitting, spent = (None, None) if far is None else (found["fit_seconds"], found.get("fit_cpu"))
                cells = ["" if fitting is None else f"{fitting:.2f}", "" if spent is None else f"{spent:.2f}", "" if not spent else f"{found['rows'] / spent:,.0f}"]
                apart = "" if far is None else "coefficients missing" if far == float("inf") else f"{far:.2g}"
                errors = "" if far is None else "yes" if found["std_errors"] else "no"
                print(f"| {name} | {wall:.1f} | {cpu:.1f} | {found['rows'] / wall:,.0f} | {' | '.join(cells)} | {peak:,.0f} | {apart} | {errors} | {found['note']} |", flush=True)
            except (RuntimeError, TimeoutError, FileNotFoundError) as failure:
                print(f"| {name} | | | | | | | | | | {failure} |", flush=True)


main()
