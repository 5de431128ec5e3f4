"""Writes the simulated jobs: simulate.py logistic|gaussian ROWS PREDICTORS FILE. Seeded; the true slopes alternate in sign and shrink."""
import sys

import numpy as np

kind, n, p, path = sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), sys.argv[4]
random = np.random.default_rng(20010131)
x = np.round(random.standard_normal((n, p)), 5)
eta = -0.5 + x @ (0.6 * (-1.0) ** np.arange(p) / np.sqrt(1 + np.arange(p)))
y = (random.random(n) < 1 / (1 + np.exp(-eta))).astype(int) if kind == "logistic" else np.round(eta + random.standard_normal(n), 5)
with open(path, "w") as file:
    file.write(",".join(["y"] + [f"x{j + 1}" for j in range(p)]) + "\n")
    for start in range(0, n, 50_000):
        rows = np.column_stack([y[start:start + 50_000], x[start:start + 50_000]])
        np.savetxt(file, rows, fmt=["%d" if kind == "logistic" else "%.5f"] + ["%.5f"] * p, delimiter=",")
