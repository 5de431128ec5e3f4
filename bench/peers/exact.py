"""The yardstick: maximum likelihood by Newton's method to the last digit, with standard errors. exact.py JOB FILE OUTPUT"""
import json
import sys

import numpy as np
from jobs import dense, dense_terms, flights_design, flights_levels, flights_terms, load, unscale

job, path, output = sys.argv[1:4]
frame = load(job, path)
if job == "flights":
    levels = flights_levels(path)
    y, x = flights_design(frame, levels)
    terms = flights_terms(levels)
else:
    y, x = dense(frame)
    terms = dense_terms(frame)
b = np.zeros(x.shape[1])
scale = 1.0
if job == "gaussian":
    hessian = x.T @ x
    b = np.linalg.solve(hessian, x.T @ y)
    for _ in range(2):
        b += np.linalg.solve(hessian, x.T @ (y - x @ b))
    scale = np.sum((y - x @ b) ** 2) / (len(y) - len(b))
else:
    for _ in range(30):
        mu = 1 / (1 + np.exp(-(x @ b)))
        w = mu * (1 - mu)
        hessian = (x.multiply(w[:, None])).T @ x if job == "flights" else x.T @ (x * w[:, None])
        hessian = hessian.toarray() if job == "flights" else hessian
        step = np.linalg.solve(hessian, x.T @ (y - mu))
        b += step
        if np.max(np.abs(step)) < 1e-9:
            break
errors = np.sqrt(scale * np.diag(np.linalg.inv(hessian)))
if job == "flights":
    b, errors = unscale(b), unscale(errors)
identified = errors < 20          # an airport whose flights were all on time has no finite estimate
json.dump({"terms": terms, "estimates": list(b), "std_errors": list(errors), "identified": [bool(i) for i in identified]}, open(output, "w"))
print(f"{job}: {int(identified.sum())} of {len(b)} coefficients identified", file=sys.stderr)
