"""statsmodels: statsmodels_fit.py JOB FILE glm|logit|ols"""
import sys

import statsmodels.api as sm
from jobs import dense, dense_terms, load, report, started

job, path, kind = sys.argv[1:4]
frame = load(job, path)
y, x = dense(frame)
begun = started()
model = {"glm": lambda: sm.GLM(y, x, family=sm.families.Binomial()).fit(), "logit": lambda: sm.Logit(y, x).fit(disp=0), "ols": lambda: sm.OLS(y, x).fit()}[kind]()
report(len(y), started() - begun, dense_terms(frame), model.params, model.bse)
