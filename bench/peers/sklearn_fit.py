"""scikit-learn: sklearn_fit.py JOB FILE lbfgs|newton-cholesky|sgd|ols (sgd: defaults, one pass of partial_fit over chunks of 100,000 rows)"""
import sys
import warnings

import numpy as np
from jobs import dense, dense_terms, flights_design, flights_levels, flights_terms, load, report, started, unscale
from sklearn.exceptions import ConvergenceWarning
from sklearn.linear_model import LinearRegression, LogisticRegression, SGDClassifier, SGDRegressor

job, path, solver = sys.argv[1:4]
levels = flights_levels(path) if job == "flights" else None
design = (lambda frame: flights_design(frame, levels)) if job == "flights" else dense
note = ""
if solver == "sgd":
    model = SGDRegressor(fit_intercept=False, random_state=1) if job == "gaussian" else SGDClassifier(loss="log_loss", fit_intercept=False, random_state=1)
    rows, seconds, terms = 0, 0.0, None
    for frame in load(job, path, 100_000):
        y, x = design(frame)
        terms = terms or (flights_terms(levels) if levels else dense_terms(frame))
        begun = started()
        model.partial_fit(x, y) if job == "gaussian" else model.partial_fit(x, y, classes=[0.0, 1.0])
        seconds += started() - begun
        rows += len(y)
else:
    frame = load(job, path)
    y, x = design(frame)
    rows, terms = len(y), flights_terms(levels) if levels else dense_terms(frame)
    del frame
    model = LinearRegression(fit_intercept=False) if solver == "ols" else LogisticRegression(penalty=None, solver=solver, fit_intercept=False, max_iter=100)
    begun = started()
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        model.fit(x, y)
    seconds = started() - begun
    note = "did not converge" if any(issubclass(w.category, ConvergenceWarning) for w in caught) else ""
estimates = np.ravel(model.coef_)
report(rows, seconds, terms, unscale(estimates) if levels else estimates, None, note)
