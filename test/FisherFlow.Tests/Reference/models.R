# Answers of R for test/FisherFlow.Tests/Models: one small data set, every family and link.
# Rscript models.R writes Models/ModelReference.cs' two tables: the data, and one line a fit (family, link, response, weights, offset,
# parameters k, then k estimates, k standard errors at dispersion 1, deviance, null deviance, log-likelihood, and for the
# negative binomial theta and its standard error). R 4.2.2, MASS 7.3.58.2, statmod 1.5.0, nnet 7.3.18, ordinal 2022.11.16.
suppressMessages({library(MASS); library(statmod); library(nnet); library(ordinal)})
set.seed(20)
n <- 40
x <- round(runif(n, -1, 2), 2)
w <- rep(c(1, 2, 1, 0.5), length.out = n)
o <- round(rnorm(n, 0, 0.02), 3)
m <- rep(c(1, 3, 5, 8), length.out = n)
d <- data.frame(x, w, o, m,
  normal = round(3 + 0.8 * x + rnorm(n, 0, 0.5), 3),
  binary = rbinom(n, 1, plogis(-0.3 + 0.8 * x)),
  successes = rbinom(n, m, 0.25 + 0.12 * (x + 1)),
  count = rpois(n, exp(1 + 0.5 * x)),
  over = rnbinom(n, mu = exp(1.2 + 0.5 * x), size = 1.5),
  positive = round(rgamma(n, 4, 4 / (2 + 0.7 * x)), 4) + 0.01,
  zeros = round(sapply(exp(0.3 + 0.4 * x), function(mu) { k <- rpois(1, mu^0.5 / 0.4); sum(rgamma(k, 1, scale = 0.4 * mu^0.5)) }), 4),
  ordered = as.integer(cut(0.9 * x + rlogis(n), c(-Inf, -0.5, 0.7, 2, Inf))) - 1,
  nominal = apply(cbind(0, 0.4 + 0.5 * x, -0.3 + x), 1, function(e) sample(0:2, 1, prob = exp(e))))
number <- function(v) paste(sprintf("%.14g", v), collapse = ",")
cat(paste(names(d), collapse = ","), "\n", sep = "")
for (i in seq_len(n)) cat(paste(d[i, ], collapse = ","), "\n", sep = "")
cat("\n")
tight <- glm.control(epsilon = 1e-14, maxit = 100)
show <- function(name, fit, se) cat(name, length(coef(fit)), number(c(coef(fit), se, deviance(fit),
  if (is.null(fit$null.deviance)) NA else fit$null.deviance, as.numeric(logLik(fit)))), "\n", sep = ";")
fits <- function(name, family, formula, start = NULL) {
  for (weighted in c(FALSE, TRUE)) for (offset in c(FALSE, TRUE)) {
    with <- if (offset) update(formula, . ~ . + offset(o)) else formula
    d$ww <- if (weighted) d$w else 1
    fit <- tryCatch(suppressWarnings(glm(with, family, d, weights = ww, control = tight, start = start)), error = function(e) NULL)
    if (!is.null(fit)) show(paste(name, if (weighted) "weighted" else "plain", if (offset) "offset" else "none", sep = ";"), fit,
      suppressWarnings(sqrt(diag(summary(fit)$cov.unscaled))))
  }
}
fits("gaussian;identity;normal", gaussian(), normal ~ x)
fits("gaussian;log;normal", gaussian("log"), normal ~ x)
fits("gaussian;inverse;normal", gaussian("inverse"), normal ~ x)
for (link in c("logit", "probit", "cloglog", "cauchit")) {
  fits(paste0("binomial;", link, ";binary"), binomial(link), binary ~ x)
  fits(paste0("binomial;", link, ";successes"), binomial(link), cbind(successes, m - successes) ~ x)
}
fits("binomial;log;successes", binomial("log"), cbind(successes, m - successes) ~ x, start = c(-1, 0))
fits("poisson;log;count", poisson(), count ~ x)
fits("poisson;identity;count", poisson("identity"), count ~ x)
fits("poisson;sqrt;count", poisson("sqrt"), count ~ x)
fits("gamma;inverse;positive", Gamma(), positive ~ x)
fits("gamma;log;positive", Gamma("log"), positive ~ x)
fits("gamma;identity;positive", Gamma("identity"), positive ~ x)
fits("inverse-gaussian;1/mu^2;positive", inverse.gaussian(), positive ~ x)
fits("inverse-gaussian;log;positive", inverse.gaussian("log"), positive ~ x)
fits("inverse-gaussian;inverse;positive", inverse.gaussian("inverse"), positive ~ x)
fits("tweedie;log;zeros", tweedie(1.5, 0), zeros ~ x)
for (weighted in c(FALSE, TRUE)) {
  d$ww <- if (weighted) d$w else 1
  theta <- 1   # glm.nb's own alternation stops five digits short; the same two steps, run to the end
  for (i in 1:100) {
    fit <- glm(over ~ x, negative.binomial(theta), d, weights = ww, control = tight)
    theta <- theta.ml(d$over, fitted(fit), sum(d$ww), d$ww, limit = 200, eps = 1e-13)
  }
  cat("negative-binomial;log;over", if (weighted) "weighted" else "plain", "none", 2, number(c(coef(fit), sqrt(diag(summary(fit)$cov.unscaled)),
    deviance(fit), fit$null.deviance, sum(d$ww * dnbinom(d$over, theta, mu = fitted(fit), log = TRUE)), theta, attr(theta, "SE"))), "\n", sep = ";")
  for (link in c("logit", "probit", "cloglog")) {
    fit <- clm(factor(ordered) ~ x, data = d, weights = ww, link = link, control = clm.control(gradTol = 1e-12, maxIter = 200))
    null <- clm(factor(ordered) ~ 1, data = d, weights = ww, link = link, control = clm.control(gradTol = 1e-12))
    cat("ordinal", link, "ordered", if (weighted) "weighted" else "plain", "none", 4, number(c(coef(fit), sqrt(diag(vcov(fit))),
      -2 * as.numeric(logLik(fit)), -2 * as.numeric(logLik(null)), as.numeric(logLik(fit)))), "\n", sep = ";")
  }
  fit <- multinom(nominal ~ x, d, weights = ww, trace = FALSE, reltol = 1e-16, abstol = 1e-12, maxit = 1000, Hess = TRUE)
  null <- multinom(nominal ~ 1, d, weights = ww, trace = FALSE, reltol = 1e-16, abstol = 1e-12)
  cat("multinomial;logit;nominal", if (weighted) "weighted" else "plain", "none", 4, number(c(t(coef(fit)), sqrt(diag(vcov(fit))),
    deviance(fit), deviance(null), as.numeric(logLik(fit)))), "\n", sep = ";")
}
# Models/FirthTests.cs: brglm2 0.9, the mean bias reduction of Kosmidis & Firth (Firth's penalty for the logit)
if (requireNamespace("brglm2", quietly = TRUE)) {
  d$separated <- as.integer(d$x > 0.5)
  reduced <- function(formula, link) cat("#", link, sprintf("%.12g", coef(glm(formula, binomial(link), d, method = brglm2::brglmFit, type = "AS_mean", epsilon = 1e-12, maxit = 500))), "\n")
  for (link in c("logit", "probit", "cloglog", "cauchit")) { reduced(binary ~ x, link); reduced(cbind(successes, m - successes) ~ x, link) }
  reduced(separated ~ x, "logit")
}
