# Fits the gallery with R and writes gallery.json, next to this file. Run from this folder: Rscript gallery.R
# Every fit is the maximum of the density as it is written here, by optim and then Newton's method on Richardson derivatives until the score left is
# below 1e-8 standard errors; where a package has the model (survival, VGAM, pscl, MASS, quantreg), its answer is checked against this one.
# Standard errors: "observed" is the inverse of minus the Hessian; "expected" uses the information per observation in closed form (math of golden.R).

suppressMessages({ library(numDeriv); library(survival); library(VGAM, exclude = c("logit", "probit")); library(pscl); library(MASS); library(quantreg) })
options(warn = 1, contrasts = c("contr.treatment", "contr.treatment"))
d <- read.csv("data/gallery.csv"); s <- read.csv("data/survival.csv"); lung <- read.csv("data/lung.csv"); tobin <- read.csv("data/tobin.csv")
bio <- read.csv("data/biochemists.csv"); pairs <- read.csv("data/pairs.csv")

names_of <- function(X) sub("^(g|fem|mar|home|sex)(?=.)", "\\1[", colnames(X), perl = TRUE) |> (\(v) ifelse(grepl("[", v, fixed = TRUE), paste0(v, "]"), v))()

#' Maximises sum log f; `parameters` is a named list of right-hand sides, `density` takes the linear predictors in that order.
maximise <- function(data, parameters, density, start = NULL, weights = rep(1, nrow(data))) {
  X <- lapply(parameters, function(rhs) model.matrix(rhs, data)); k <- vapply(X, ncol, 1L); at <- rep(seq_along(X), k)
  eta <- function(b) lapply(seq_along(X), function(j) drop(X[[j]] %*% b[at == j]))
  f <- function(b) sum(weights * do.call(density, eta(b)))
  b <- if (is.null(start)) rep(0, sum(k)) else start
  safe <- function(b) { v <- suppressWarnings(f(b)); if (is.finite(v)) -v else 1e10 }
  for (i in 1:4) b <- optim(b, safe, method = if (i == 1) "Nelder-Mead" else "BFGS", control = list(maxit = 5000, reltol = 1e-14))$par
  for (i in 1:30) { H <- -hessian(f, b); step <- solve(H, grad(f, b)); b <- b + step; if (sqrt(sum(step * (H %*% step))) < 1e-9) break }
  H <- -hessian(f, b); gauge <- sqrt(sum(grad(f, b) * solve(H, grad(f, b))))
  if (!is.finite(gauge) || gauge > 1e-7 || any(eigen(H)$values <= 0)) stop("not at the maximum: ", gauge)
  list(b = b, se = sqrt(diag(solve(H))), loglik = f(b), X = X, at = at, eta = eta(b), weights = weights,
    terms = unlist(lapply(X, names_of), use.names = FALSE), parameter = rep(names(parameters), k))
}

#' Standard errors by the expected information, whose K x K matrix an observation in the linear predictors is information(eta)[i, , ].
expected <- function(fit, information) {
  F <- do.call(information, fit$eta); K <- length(fit$X); H <- matrix(0, length(fit$b), length(fit$b))
  for (a in 1:K) for (c in 1:K) H[fit$at == a, fit$at == c] <- crossprod(fit$X[[a]], fit$weights * F(a, c) * fit$X[[c]])
  sqrt(diag(solve(H)))
}
close <- function(what, a, b, tolerance = 1e-4) if (max(abs(a - b) / pmax(abs(b), 0.05)) > tolerance) stop(what, " disagrees: ", paste(format(a, digits = 8), collapse = " "), " / ", paste(format(b, digits = 8), collapse = " "))

cases <- list()
case <- function(name, family, data, formula, fit, information = NULL, options = NULL, note = NULL) {
  cat(name, "\n")
  answer <- list(name = name, family = family, data = data, formula = formula)
  if (!is.null(options)) answer$options <- options
  if (!is.null(note)) answer$checked_with <- note
  answer$coefficients <- lapply(seq_along(fit$b), function(i) list(parameter = fit$parameter[i], term = fit$terms[i], estimate = fit$b[i], observed = fit$se[i]))
  if (!is.null(information)) { e <- expected(fit, information); for (i in seq_along(fit$b)) answer$coefficients[[i]]$expected <- e[i] }
  answer$log_likelihood <- fit$loglik
  cases[[length(cases) + 1]] <<- answer
  invisible(fit)
}
m <- ~ x + z + g
diagonal <- function(...) { v <- list(...); function(a, c) if (a == c) v[[a]] else 0 }
g0 <- -digamma(1)                                        # Euler's constant

# --- location and scale: location, log scale ---
scale_family <- function(log_standard) function(y) function(l, s) log_standard((y - l) * exp(-s)) - s
location_scale <- function(name, family, column, log_standard, location, scale, cross = 0, sigma = ~ z, package = NULL) {
  fit <- maximise(d, setNames(list(m, sigma), c("location", "scale")), scale_family(log_standard)(d[[column]]), c(mean(d[[column]]), rep(0, 4), rep(0, ncol(model.matrix(sigma, d)))))
  if (!is.null(package)) package(fit)
  case(name, family, "gallery", paste(column, "~ x + z + g"), fit, function(l, s) function(a, c) if (a != c) cross * exp(-s) else if (a == 1) location * exp(-2 * s) else rep(scale, length(s)),
    options = list(scale = deparse(sigma[[2]])))
}
survreg_of <- function(column, dist, ...) function(fit) {
  r <- survreg(as.formula(paste0("Surv(", column, ") ~ x + z + g")), d, dist = dist, control = survreg.control(rel.tolerance = 1e-12, maxiter = 100), ...)
  close("survreg", c(coef(r), log(r$scale)), fit$b, 1e-6); close("survreg errors", sqrt(diag(vcov(r))), fit$se, 1e-5); close("loglik", logLik(r), fit$loglik, 1e-9)
}
normal <- function(u) -u^2 / 2 - log(2 * pi) / 2
location_scale("normal", "normal", "normal", normal, 1, 2)
location_scale("normal, constant scale", "normal", "normal", normal, 1, 2, sigma = ~ 1, package = survreg_of("normal", "gaussian"))
location_scale("logistic", "logistic", "logistic", function(u) dlogis(u, log = TRUE), 1/3, (3 + pi^2) / 9)
location_scale("logistic, constant scale", "logistic", "logistic", function(u) dlogis(u, log = TRUE), 1/3, (3 + pi^2) / 9, sigma = ~ 1, package = survreg_of("logistic", "logistic"))
location_scale("gumbel", "gumbel", "gumbel", function(u) -u - exp(-u), 1, pi^2 / 6 + (1 - g0)^2, -(1 - g0))
location_scale("gumbel, constant scale", "gumbel", "gumbel", function(u) -u - exp(-u), 1, pi^2 / 6 + (1 - g0)^2, -(1 - g0), sigma = ~ 1, package = function(fit) {
  r <- survreg(Surv(-gumbel) ~ x + z + g, d, dist = "extreme", control = survreg.control(rel.tolerance = 1e-12, maxiter = 100))
  close("survreg", c(-coef(r), log(r$scale)), fit$b, 1e-6); close("survreg errors", sqrt(diag(vcov(r))), fit$se, 1e-5)
})
location_scale("cauchy", "cauchy", "cauchy", function(u) dcauchy(u, log = TRUE), 1/2, 1/2, sigma = ~ 1)
location_scale("student t, four degrees of freedom", "student-t", "student", function(u) dt(u, 4, log = TRUE), 5/7, 8/7, sigma = ~ 1, package = function(fit) {
  r <- survreg(Surv(student) ~ x + z + g, d, dist = "t", parms = 4, control = survreg.control(rel.tolerance = 1e-12, maxiter = 100))
  close("survreg", c(coef(r), log(r$scale)), fit$b, 1e-6); close("survreg errors", sqrt(diag(vcov(r))), fit$se, 1e-5)
})
cases[[length(cases)]]$options$df <- 4
fit <- maximise(d, list(location = m, scale = ~ z, df = ~ 1), function(l, s, v) dt((d$student - l) * exp(-s), exp(v), log = TRUE) - s, c(0.5, 1.2, -0.7, 0, 0, 0, 0, 1.4))
case("student t, degrees of freedom estimated", "student-t", "gallery", "student ~ x + z + g", fit, options = list(scale = "z"), information = function(l, s, v) {
  v <- exp(v); function(a, c) {
    if (a == 1 || c == 1) return(if (a == c) (v + 1) / (v + 3) * exp(-2 * s) else 0)
    if (a == 2 && c == 2) return(2 * v / (v + 3))
    if (a == 3 && c == 3) return(v^2 * ((trigamma(v / 2) - trigamma((v + 1) / 2)) / 4 - (v + 5) / (2 * v * (v + 1) * (v + 3))))
    -2 * v / ((v + 1) * (v + 3))
  }
})
ln <- log(d$lognormal)
fit <- maximise(d, list(location = m, scale = ~ z), function(l, s) dlnorm(d$lognormal, l, exp(s), log = TRUE), c(mean(ln), rep(0, 6)))
case("lognormal", "lognormal", "gallery", "lognormal ~ x + z + g", fit, function(l, s) function(a, c) if (a != c) 0 else if (a == 1) exp(-2 * s) else rep(2, length(s)), options = list(scale = "z"))

# --- median regression: the estimate is a vertex, its scale the mean absolute residual; errors from the expected information 1/b^2 ---
# given the scales, the location is a weighted median regression; given the location, scales are the means of exponential variables: turn by turn until nothing moves
median_regression <- function(name, location, scale) {
  X <- model.matrix(location, d); Z <- model.matrix(scale, d); s <- rep(0, nrow(d))
  repeat {
    r <- rq.wfit(X, d$laplace, 0.5, exp(-s), method = "br"); a <- abs(d$laplace - drop(X %*% r$coefficients))
    before <- s; k <- c(log(mean(a)), rep(0, ncol(Z) - 1)); for (i in 1:50) { w <- a * exp(-drop(Z %*% k)); k <- k + drop(solve(crossprod(Z, w * Z), crossprod(Z, w - 1))) }
    s <- drop(Z %*% k)
    if (max(abs(s - before)) < 1e-12) break
  }
  cat(name, "\n")
  errors <- c(sqrt(diag(solve(crossprod(X * exp(-s))))), sqrt(diag(solve(crossprod(Z)))))
  lines <- function(parameter, terms, estimates, errors) lapply(seq_along(terms), function(i) list(parameter = parameter, term = terms[i], estimate = unname(estimates[i]), expected = unname(errors[i])))
  cases[[length(cases) + 1]] <<- list(name = name, family = "laplace", data = "gallery", formula = paste("laplace ~", deparse(location[[2]])), options = list(scale = deparse(scale[[2]])), checked_with = "quantreg::rq.wfit",
    coefficients = c(lines("location", names_of(X), r$coefficients, errors), lines("scale", names_of(Z), k, errors[-seq_len(ncol(X))])), log_likelihood = sum(-log(2) - s - a * exp(-s)))
}
median_regression("laplace", ~ x + z, ~ 1)
median_regression("laplace, scale of its own", m, ~ z)

# --- positive, bounded, circular ---
fit <- maximise(d, list(scale = m, shape = ~ 1), function(l, k) dweibull(d$weibull, exp(k), exp(l), log = TRUE))
survival_fit <- survreg(Surv(weibull) ~ x + z + g, d, control = survreg.control(rel.tolerance = 1e-12, maxiter = 100))
close("survreg", c(coef(survival_fit), -log(survival_fit$scale)), fit$b, 1e-6); close("survreg errors", sqrt(diag(vcov(survival_fit))), fit$se, 1e-5)
case("weibull", "weibull", "gallery", "weibull ~ x + z + g", fit, function(l, k) function(a, c) if (a != c) -(1 - g0) * exp(k) else if (a == 1) exp(2 * k) else rep(pi^2 / 6 + (1 - g0)^2, length(k)), note = "survival::survreg")
for (shape in c("1", "z")) {
  fit <- maximise(d, list(mean = m, shape = as.formula(paste("~", shape))), function(l, k) dgamma(d$gamma, exp(k), exp(k - l), log = TRUE))
  if (shape == "1") { r <- glm(gamma ~ x + z + g, Gamma("log"), d, control = glm.control(1e-13, 100)); close("glm", coef(r), fit$b[1:5], 1e-6); close("gamma.shape", gamma.shape(r, it.lim = 100, eps.max = 1e-12)$alpha, exp(fit$b[6]), 1e-5) }
  case(if (shape == "1") "gamma, constant shape" else "gamma", "gamma-shape", "gallery", "gamma ~ x + z + g", fit, function(l, k) diagonal(exp(k), exp(2 * k) * trigamma(exp(k)) - exp(k)), options = list(shape = shape))
}
beta_information <- function(l, p) { mu <- plogis(l); phi <- exp(p); a <- mu * phi; b <- phi - a; da <- phi * mu * (1 - mu)
  function(i, j) if (i == 1 && j == 1) da^2 * (trigamma(a) + trigamma(b)) else if (i == 2 && j == 2) mu^2 * phi^2 * trigamma(a) + (1 - mu)^2 * phi^2 * trigamma(b) - phi^2 * trigamma(phi) else da * phi * (mu * trigamma(a) - (1 - mu) * trigamma(b)) }
fit <- maximise(d, list(mean = m, precision = ~ z), function(l, p) dbeta(d$beta, plogis(l) * exp(p), plogis(-l) * exp(p), log = TRUE))
r <- vglm(beta ~ x + z + g, betaff(zero = NULL, lmu = "logitlink", lphi = "loglink"), d, constraints = list("(Intercept)" = diag(2), x = rbind(1, 0), z = diag(2), g = rbind(1, 0)), epsilon = 1e-12, maxit = 100)
close("VGAM", coef(r)[c(1, 3, 4, 6, 7, 2, 5)], fit$b, 1e-5)
case("beta", "beta", "gallery", "beta ~ x + z + g", fit, beta_information, options = list(precision = "z"), note = "VGAM::betaff")
Y <- as.matrix(d[, c("share1", "share2", "share3")])
fit <- maximise(d, list(share1 = ~ x, share2 = ~ x, share3 = ~ x), function(a, b, c) { A <- exp(cbind(a, b, c)); lgamma(rowSums(A)) - rowSums(lgamma(A)) + rowSums((A - 1) * log(Y)) })
r <- vglm(cbind(share1, share2, share3) ~ x, dirichlet, d, epsilon = 1e-12, maxit = 100); close("VGAM", as.vector(t(coef(r, matrix = TRUE))), as.vector(t(matrix(fit$b, 2, 3))), 1e-4)
case("dirichlet", "dirichlet", "gallery", "cbind(share1, share2, share3) ~ x", fit, function(a, b, c) { A <- exp(cbind(a, b, c)); total <- rowSums(A)
  function(i, j) (if (i == j) A[, i]^2 * trigamma(A[, i]) else 0) - A[, i] * A[, j] * trigamma(total) }, note = "VGAM::dirichlet")
fit <- maximise(d, list(probability = m), function(l) dgeom(d$geometric, plogis(l), log = TRUE))
r <- vglm(geometric ~ x + z + g, geometric, d, epsilon = 1e-12, maxit = 100); close("VGAM", coef(r), fit$b, 1e-5)
case("geometric", "geometric", "gallery", "geometric ~ x + z + g", fit, function(l) function(i, j) plogis(-l), note = "VGAM::geometric")
fit <- maximise(d, list(location = ~ x, concentration = ~ 1), function(l, k) exp(k) * cos(d$direction - (2 * pi * plogis(l) - pi)) - log(2 * pi) - log(besselI(exp(k), 0, TRUE)) - exp(k))
A <- function(k) besselI(k, 1, TRUE) / besselI(k, 0, TRUE)
case("von mises", "von-mises", "gallery", "direction ~ x", fit, function(l, k) { k <- exp(k); diagonal(k * A(k) * (2 * pi * plogis(l) * plogis(-l))^2, k^2 * (1 - A(k)^2 - A(k) / k)) })

# --- counts with zeros of their own ---
log_mix <- function(y, logit_zero, log_density) ifelse(y == 0, log(plogis(logit_zero) + plogis(-logit_zero) * exp(log_density)), plogis(-logit_zero, log.p = TRUE) + log_density)
log_hurdle <- function(y, logit_zero, log_density, log_positive) ifelse(y == 0, plogis(logit_zero, log.p = TRUE), plogis(-logit_zero, log.p = TRUE) + log_density - log_positive)
control <- zeroinfl.control(reltol = 1e-15, maxit = 10000)
zero_counts <- function(name, y, data, formula, mean, zero, nb, hurdle, dataset) {
  density <- if (nb) function(l, s) dnbinom(y, mu = exp(l), size = exp(s), log = TRUE) else function(l, s) dpois(y, exp(l), log = TRUE)
  positive <- if (nb) function(l, s) log1p(-dnbinom(0, mu = exp(l), size = exp(s))) else function(l, s) log1p(-exp(-exp(l)))
  total <- if (hurdle) function(l, q, s = 0) log_hurdle(y, q, density(l, s), positive(l, s)) else function(l, q, s = 0) log_mix(y, q, density(l, s))
  fit <- maximise(data, c(list(mean = mean, zero = zero), if (nb) list(size = ~ 1)), total)
  data$yy <- y; f <- as.formula(paste("yy", deparse(mean), "|", deparse(zero[[2]])))
  r <- if (hurdle) hurdle(f, data, dist = if (nb) "negbin" else "poisson", control = hurdle.control(reltol = 1e-15, maxit = 10000)) else zeroinfl(f, data, dist = if (nb) "negbin" else "poisson", control = control)
  sign <- if (hurdle) -1 else 1                          # pscl's hurdle models P(y > 0)
  close("pscl", c(coef(r, "count"), sign * coef(r, "zero"), if (nb) log(r$theta)), fit$b, 2e-3); close("loglik", logLik(r), fit$loglik, 1e-7)
  case(name, paste0(if (hurdle) "hurdle" else "zero-inflated", if (nb) "-negative-binomial" else "-poisson"), dataset, formula, fit, options = list(zero = deparse(zero[[2]])), note = "pscl")
}
zero_counts("zero-inflated poisson", d$zip, d, "zip ~ x + z + g", m, ~ z, FALSE, FALSE, "gallery")
zero_counts("hurdle poisson", d$hurdlep, d, "hurdlep ~ x + z + g", m, ~ z, FALSE, TRUE, "gallery")
zero_counts("zero-inflated negative binomial", d$zinb, d, "zinb ~ x + z + g", m, ~ z, TRUE, FALSE, "gallery")
zero_counts("hurdle negative binomial", d$hurdlenb, d, "hurdlenb ~ x + z + g", m, ~ z, TRUE, TRUE, "gallery")
zero_counts("zero-inflated poisson: publications", bio$art, bio, "art ~ fem + mar + kid5 + phd + ment", ~ fem + mar + kid5 + phd + ment, ~ ment, FALSE, FALSE, "biochemists")
zero_counts("hurdle negative binomial: publications", bio$art, bio, "art ~ fem + mar + kid5 + phd + ment", ~ fem + mar + kid5 + phd + ment, ~ ment, TRUE, TRUE, "biochemists")

# --- censored and truncated ---
survreg_case <- function(name, family, data, set, formula, response, dist, rhs, options = NULL) {
  f <- reformulate(deparse(rhs[[2]]), response)
  r <- survreg(f, data, dist = dist, control = survreg.control(rel.tolerance = 1e-13, maxiter = 200))
  T <- eval(parse(text = response), c(as.list(data), Surv = Surv)); transform <- dist %in% c("weibull", "exponential", "lognormal", "loglogistic")
  status <- T[, "status"]; t1 <- unclass(T)[, 1]; t2 <- if (ncol(T) == 3) unclass(T)[, 2] else t1
  if (attr(T, "type") == "left") status <- ifelse(status == 0, 2, 1)
  u <- if (transform) log else identity
  F <- switch(dist, weibull = , exponential = function(q, lower) if (lower) log(-expm1(-exp(q))) else -exp(q), lognormal = , gaussian = function(q, lower) pnorm(q, lower.tail = lower, log.p = TRUE), loglogistic = , logistic = function(q, lower) plogis(q, lower.tail = lower, log.p = TRUE))
  f0 <- switch(dist, weibull = , exponential = function(q) q - exp(q), lognormal = , gaussian = function(q) dnorm(q, log = TRUE), loglogistic = , logistic = function(q) dlogis(q, log = TRUE))
  y1 <- u(ifelse(t1 > 0 | !transform, t1, 1)); y2 <- u(ifelse(status == 3, t2, t1))
  flip <- dist %in% c("weibull", "loglogistic", "exponential")
  # the second predictor is the log of the shape 1/sigma where the distribution has a shape, the log of sigma where it has a scale
  density <- function(l, k = 0) { sigma <- if (flip) exp(-k) else exp(k); q1 <- (y1 - l) / sigma; q2 <- (y2 - l) / sigma
    ifelse(status == 1, f0(q1) - log(sigma) - if (transform) y1 else 0, ifelse(status == 0, F(q1, FALSE), ifelse(status == 2, F(q1, TRUE), F(q2, TRUE) + log1p(-exp(pmin(-1e-300, F(q1, TRUE) - F(q2, TRUE))))))) }
  second <- if (flip) "shape" else "scale"
  fit <- maximise(data, c(setNames(list(rhs), if (flip) "scale" else "location"), if (dist != "exponential") setNames(list(~ 1), second)), density, c(coef(r), if (dist != "exponential") (if (flip) -1 else 1) * log(r$scale)))
  close("survreg", c(coef(r), if (dist != "exponential") (if (flip) -1 else 1) * log(r$scale)), fit$b, 1e-6); close("survreg errors", sqrt(diag(vcov(r))), fit$se, 1e-5)
  close("survreg loglik", logLik(r), fit$loglik, 1e-8)
  case(name, family, set, formula, fit, options = options, note = "survival::survreg")
}
for (dist in c("weibull", "exponential", "lognormal", "loglogistic")) {
  survreg_case(paste("survival, right censored:", dist), dist, s, "survival", "Surv(time, event) ~ x + z + g", "Surv(time, event)", dist, m)
  survreg_case(paste("survival, all censoring:", dist), dist, s, "survival", "Surv(low, high, status, type = \"interval\") ~ x + z + g", "Surv(low, high, status, type = \"interval\")", dist, m)
  survreg_case(paste("survival, lung cancer:", dist), dist, lung, "lung", "Surv(time, event) ~ age + sex + ecog", "Surv(time, event)", dist, ~ age + sex + ecog)
}
survreg_case("tobit: durable goods", "normal", tobin, "tobin", "Surv(durable, durable > 0, type = \"left\") ~ age + quant", "Surv(durable, durable > 0, type = \"left\")", "gaussian", ~ age + quant)
survreg_case("tobit", "normal", d, "gallery", "Surv(tobit, tobit > 0, type = \"left\") ~ x + z + g", "Surv(tobit, tobit > 0, type = \"left\")", "gaussian", m)
fit <- maximise(d, list(location = ~ x + z, scale = ~ 1), function(l, s) dnorm(d$truncated, l, exp(s), log = TRUE) - pnorm(l / exp(s), log.p = TRUE), c(0.8, 0.7, 0, 0))
case("truncated normal", "truncated-normal", "gallery", "truncated ~ x + z", fit)

# --- left truncated: the density of the exit, or the survival up to it, over the survival up to the entry ---
entered <- read.csv("data/delayed.csv"); channing <- read.csv("data/channing.csv")
late_entry <- function(name, family, data, set, rhs, log_f, log_S, log_time, has_shape = family %in% c("weibull", "loglogistic"), one = family == "exponential") {
  u <- if (log_time) function(t) log(pmax(t, 0)) else identity; y <- u(data$exit); y0 <- u(data$entry)
  density <- function(l, k = 0) { sigma <- if (has_shape) exp(-k) else exp(k); q <- (y - l) / sigma
    ifelse(data$event == 1, log_f(q) - log(sigma) - if (log_time) y else 0, log_S(q)) - log_S((y0 - l) / sigma) }
  first <- if (has_shape || one) "scale" else "location"
  spread <- if (has_shape) -log(sd(y) * 0.7) else log(sd(y) * 0.7)
  fit <- maximise(data, c(setNames(list(rhs), first), if (!one) setNames(list(~ 1), if (has_shape) "shape" else "scale")), density, c(mean(y), rep(0, ncol(model.matrix(rhs, data)) - 1), if (!one) spread))
  # Richardson's steps are relative to a coefficient, and rounding is all that is left of those near zero: once more in steps of a tenth of a standard error
  f <- function(v) { b <- fit$b + (v - 1) * fit$se; sum(do.call(density, lapply(seq_along(fit$X), function(j) drop(fit$X[[j]] %*% b[fit$at == j])))) }
  fit$se <- fit$se * sqrt(diag(solve(-hessian(f, rep(1, length(fit$b)), method.args = list(d = 0.1)))))
  case(name, family, set, paste("Surv(entry, exit, event) ~", deparse(rhs[[2]])), fit)
}
extreme <- list(function(q) q - exp(q), function(q) -exp(q)); bell <- list(function(q) dnorm(q, log = TRUE), function(q) pnorm(q, lower.tail = FALSE, log.p = TRUE))
s_shaped <- list(function(q) dlogis(q, log = TRUE), function(q) plogis(q, lower.tail = FALSE, log.p = TRUE)); heavy <- list(function(q) dcauchy(q, log = TRUE), function(q) pcauchy(q, lower.tail = FALSE, log.p = TRUE))
largest <- list(function(q) -q - exp(-q), function(q) log(-expm1(-exp(-q))))
for (f in list(list("weibull", extreme, TRUE), list("exponential", extreme, TRUE), list("lognormal", bell, TRUE), list("loglogistic", s_shaped, TRUE), list("normal", bell, FALSE), list("logistic", s_shaped, FALSE),
  list("gumbel", largest, FALSE), list("smallest-extreme", extreme, FALSE), list("cauchy", heavy, FALSE)))
  late_entry(paste("left truncated:", f[[1]]), f[[1]], entered, "delayed", ~ x + z, f[[2]][[1]], f[[2]][[2]], f[[3]])
late_entry("left truncated: Channing House", "weibull", channing, "channing", ~ sex, extreme[[1]], extreme[[2]], TRUE)

# --- paired comparisons: the ability of the first player (ann) is zero; the intercept is the edge of the player named first ---
player <- sort(unique(c(pairs$home, pairs$away)))
D <- outer(pairs$home, player, "==") - outer(pairs$away, player, "=="); colnames(D) <- paste0("pair(home, away)[", player, "]")
for (edge in c(TRUE, FALSE)) {
  X <- D[, -1]; if (edge) X <- cbind("(Intercept)" = 1, X)
  r <- glm.fit(X, pairs$won, family = binomial(), control = glm.control(1e-15, 100), intercept = FALSE)
  se <- sqrt(diag(chol2inv(r$qr$qr[seq_len(ncol(X)), seq_len(ncol(X))])))
  fit <- list(b = r$coefficients, se = se, parameter = rep("mean", ncol(X)), terms = colnames(X), loglik = -r$deviance / 2)
  fit <- case(if (edge) "bradley-terry, with an edge" else "bradley-terry", "binomial", "pairs", paste0("won ~ pair(home, away)", if (!edge) " - 1"), fit)
}

number <- function(v) sprintf("%.17g", v)
quote_ <- function(v) paste0("\"", gsub("\"", "\\\"", v, fixed = TRUE), "\"")
value <- function(v) if (is.character(v)) quote_(v) else number(v)
object <- function(l) paste0("{ ", paste0(quote_(names(l)), ": ", vapply(l, value, ""), collapse = ", "), " }")
text <- vapply(cases, function(c) {
  parts <- vapply(names(c), function(k) if (k == "coefficients") paste0("\n   ", vapply(c$coefficients, object, ""), collapse = ",") else if (is.list(c[[k]])) object(c[[k]]) else value(c[[k]]), "")
  paste0("  { ", paste0(quote_(names(c)), ": ", ifelse(names(c) == "coefficients", paste0("[", parts, "]"), parts), collapse = ", "), " }")
}, "")
if (anyDuplicated(vapply(cases, `[[`, "", "name"))) stop("two cases share a name")
versions <- vapply(c("survival", "VGAM", "pscl", "MASS", "quantreg", "numDeriv"), function(p) as.character(packageVersion(p)), "")
writeLines(paste0("{\n \"made_by\": ", quote_(R.version.string), ",\n \"packages\": ", object(as.list(versions)), ",\n \"cases\": [\n", paste(text, collapse = ",\n"), "\n ]\n}"), "gallery.json", useBytes = TRUE)
cat(length(cases), "cases\n")
