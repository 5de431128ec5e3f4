# Fits the reference models with R and writes reference.json, next to this file. Run from this folder:
#   Rscript reference.R
# Formulas are in FisherFlow's syntax, which R reads too (C() is defined below); coefficient names are FisherFlow's.
# Every fit is driven to its fixed point and checked there: the score left, in standard errors, is below 1e-8.
# In the JSON a key that is absent is not compared; null means that the number must not exist.

suppressMessages({ library(MASS); library(sandwich); library(nnet); library(ordinal); library(statmod); library(VGAM, exclude = c("logit", "probit")); library(brglm2) })
options(warn = 1, contrasts = c("contr.treatment", "contr.treatment"))

# --- FisherFlow's syntax in R ---
C <- function(x, ref = NULL) {
  f <- factor(x, levels = if (is.numeric(x)) sort(unique(x)) else sort(unique(as.character(x)), method = "radix"))
  if (is.null(ref)) f else relevel(f, ref)
}
hour <- function(date) as.integer(substr(date, 12, 13))
weekday <- function(date) { day <- as.POSIXlt(substr(date, 1, 10))$wday; ifelse(day == 0, 7L, day) }   # Monday is 1
month <- function(date) as.integer(substr(date, 6, 7))

read <- function(name) {
  d <- read.csv(file.path("data", paste0(name, ".csv")), check.names = FALSE, na.strings = "NA", stringsAsFactors = FALSE)
  for (v in names(d)) if (is.character(d[[v]]) && v != "date") d[[v]] <- if (all(d[[v]] %in% c("true", "false"))) d[[v]] == "true" else C(d[[v]])
  d
}

#' Coefficient names as FisherFlow writes them, in the order of R's model matrix.
term_names <- function(tt, levels) {
  codes <- attr(tt, "factors")
  if (attr(tt, "intercept") == 0) {            # then R codes the first factor it meets by all its levels
    first <- which(codes > 0 & rownames(codes) %in% names(levels))[1]
    if (!is.na(first)) codes[first] <- 2
  }
  one <- function(label) {
    used <- rownames(codes)[codes[, label] > 0]
    categorical <- used %in% names(levels)
    numeric <- paste(used[!categorical], collapse = ":")
    if (!any(categorical)) return(numeric)
    shown <- lapply(used[categorical], function(v) {
      l <- levels[[v]]
      paste0(sub(", ref = .*\\)", ")", v), "[", if (codes[v, label] == 1) l[-1] else l, "]")
    })
    factors <- apply(expand.grid(shown, stringsAsFactors = FALSE), 1, paste, collapse = ":")
    if (numeric == "") factors else paste(numeric, factors, sep = ":")
  }
  c(if (attr(tt, "intercept") == 1) "(Intercept)", unlist(lapply(attr(tt, "term.labels"), one)))
}

# --- JSON, 17 digits ---
json <- function(x, indent = "") {
  inner <- paste0(indent, " ")
  if (is.null(x)) return("null")
  if (is.list(x)) {
    if (is.null(names(x))) return(if (length(x) == 0) "[]" else paste0("[\n", paste0(inner, vapply(x, json, "", inner), collapse = ",\n"), "\n", indent, "]"))
    if (length(x) == 0) return("{ }")
    flat <- all(vapply(x, function(v) !is.list(v), TRUE))
    parts <- paste0("\"", names(x), "\": ", vapply(x, json, "", inner))
    return(if (flat) paste0("{ ", paste(parts, collapse = ", "), " }") else paste0("{\n", paste0(inner, parts, collapse = ",\n"), "\n", indent, "}"))
  }
  if (length(x) == 0) return("[]")
  many <- length(x) > 1 || !is.null(attr(x, "many"))
  if (is.character(x)) x <- ifelse(is.na(x), "null", paste0("\"", gsub("\n", "\\n", gsub("([\"\\\\])", "\\\\\\1", x), fixed = TRUE), "\""))
    else if (is.logical(x)) x <- ifelse(is.na(x), "null", tolower(as.character(x)))
  else x <- ifelse(is.finite(x), sprintf("%.17g", x), "null")
  if (!many) x else paste0("[", paste(x, collapse = ", "), "]")
}

# --- fits ---
quietly <- function(e) suppressWarnings(suppressMessages(e))

#' glm.fit, iterated until nothing moves; its own rule (the deviance stands still) stops half the digits short.
fixed_point <- function(X, Y, weights, offset, family, intercept, start = NULL) {
  fit <- quietly(glm.fit(X, Y, weights, start = start, offset = offset, family = family, control = glm.control(1e-14, 200), intercept = intercept))
  for (i in 1:100) {
    score <- crossprod(X, fit$weights * fit$residuals)
    phi <- sum(fit$weights * fit$residuals^2) / max(1, fit$df.residual)
    gauge <- sum(backsolve(qr.R(fit$qr), score[fit$qr$pivot], transpose = TRUE)^2) / phi
    if (gauge < 1e-20) return(fit)
    fit <- quietly(glm.fit(X, Y, weights, start = fit$coefficients, offset = offset, family = family, control = glm.control(1e-14, 200), intercept = intercept))
  }
  if (gauge > 1e-16) stop("not at the maximum: ", gauge)
  fit
}

families <- list(
  gaussian = function(link, o) gaussian(link), binomial = function(link, o) if (isTRUE(o$dispersion == "estimate")) quasibinomial(link) else binomial(link),
  poisson = function(link, o) if (isTRUE(o$dispersion == "estimate")) quasipoisson(link) else poisson(link), gamma = function(link, o) Gamma(link),
  "inverse-gaussian" = function(link, o) inverse.gaussian(link),
  tweedie = function(link, o) tweedie(var.power = o$power, link.power = c(identity = 1, log = 0, inverse = -1)[[link]]))

column <- function(d, name) if (is.null(name)) NULL else d[[name]]

#' A model frame with weights and offsets, rows with missing values left out.
frame <- function(case, d) {
  d$.w <- column(d, case$options$weights); d$.o <- column(d, case$options$offset); d$.c <- column(d, case$options$cluster)
  form <- as.formula(case$formula, env = globalenv())
  if ("." %in% all.vars(form)) form <- formula(terms(form, data = d[setdiff(names(d), c(".w", ".o", ".c"))]))
  environment(form) <- globalenv()
  extras <- list(formula = form, data = d, na.action = na.omit)
  if (!is.null(d$.w)) extras$weights <- quote(.w)
  if (!is.null(d$.o)) extras$offset <- quote(.o)
  if (!is.null(d$.c)) extras$cluster <- quote(.c)
  do.call(model.frame, extras)
}

design <- function(mf) {
  tt <- attr(mf, "terms")
  X <- model.matrix(tt, mf)
  colnames(X) <- term_names(tt, .getXlevels(tt, mf))
  X
}

table_of <- function(names, estimate, se, df = NULL, outcome = NULL, empty = NULL) {
  statistic <- estimate / se
  p <- 2 * if (is.null(df)) pnorm(-abs(statistic)) else pt(-abs(statistic), df)
  lapply(seq_along(names), function(i) c(list(term = names[i]), if (!is.null(outcome)) list(outcome = outcome[i]),
    list(estimate = estimate[[i]], std_error = se[[i]], statistic = statistic[[i]], p_value = p[[i]], status = if (is.na(estimate[[i]])) "aliased" else "ok"),
    if (!is.null(empty) && empty[i]) list(empty = TRUE)))
}

fit_glm <- function(case, d) {
  o <- case$options
  mf <- frame(case, d)
  X <- design(mf); Y <- model.response(mf)
  n <- nrow(X)
  w <- model.weights(mf); if (is.null(w)) w <- rep(1, n)
  off <- model.offset(mf); if (is.null(off)) off <- rep(0, n)
  intercept <- attr(attr(mf, "terms"), "intercept") == 1
  family <- if (case$family == "negative-binomial") negative.binomial(2, case$link) else families[[case$family]](case$link, o)
  first <- quietly(glm.fit(X, Y, w, offset = off, family = family, control = glm.control(1e-8, 200), intercept = intercept, start = case$start))
  alias <- is.na(first$coefficients)
  Z <- X[, !alias, drop = FALSE]
  theta <- NULL
  if (case$family == "negative-binomial") {
    theta <- joint_theta(Z, Y, w, off, case$link, intercept)
    family <- negative.binomial(theta$value, case$link)
    first <- theta$fit
  }
  fit <- fixed_point(Z, Y, w, off, family, intercept, first$coefficients[!is.na(first$coefficients)])
  p <- ncol(Z)
  pearson <- sum(fit$weights * fit$residuals^2)
  known <- case$family %in% c("poisson", "binomial", "negative-binomial") && !isTRUE(o$dispersion == "estimate")
  phi <- if (known) 1 else pearson / fit$df.residual
  unscaled <- chol2inv(qr.R(qr(Z * sqrt(fit$weights), tol = 1e-20)))
  covariance <- phi * unscaled
  if (!is.null(o$robust)) covariance <- robust(case, mf, Z, fit, unscaled, first)
  estimate <- se <- rep(NA_real_, ncol(X))
  estimate[!alias] <- fit$coefficients; se[!alias] <- sqrt(diag(covariance))
  null <- fit$null.deviance
  if (intercept && any(off != 0)) null <- fixed_point(matrix(1, n, 1), Y, w, off, family, TRUE)$deviance
  k <- p + (case$family %in% c("gaussian", "gamma", "inverse-gaussian")) + !is.null(theta)
  aic <- if (is.finite(fit$aic) && !isTRUE(case$no_likelihood)) fit$aic + 2 * (k - p) - 2 * (case$family %in% c("gaussian", "gamma", "inverse-gaussian")) else NA
  loglik <- k - aic / 2
  result <- list(coefficients = table_of(colnames(X), estimate, se, if (known) NULL else fit$df.residual, empty = colSums(X != 0) == 0),
    covariance = if (is.null(o$robust)) "model" else o$robust, deviance = fit$deviance, null_deviance = null, pearson_chi2 = pearson, dispersion = phi,
    observations = n, rows_rejected = nrow(d) - n, rank = p, df_residual = fit$df.residual, df_null = fit$df.null)
  if (!isTRUE(case$no_likelihood)) result <- c(result, list(log_likelihood = loglik, aic = aic, bic = -2 * loglik + log(sum(w != 0)) * k))
  if (!is.null(theta)) result <- c(result, list(dispersion_parameter = theta$value, dispersion_parameter_std_error = theta$se))
  if (!is.null(case$predict)) result$predictions <- predictions(case, mf, fit, unscaled * phi, alias)
  result
}

#' Maximum of the likelihood in beta and theta together; the standard error of theta as MASS::theta.ml (observed information).
joint_theta <- function(X, y, w, off, link, intercept) {
  ll <- function(t, mu) sum(w * (digamma(t + y) - digamma(t) + log(t) + 1 - log(t + mu) - (y + t) / (mu + t)))
  hess <- function(t, mu) sum(w * (-trigamma(t + y) + trigamma(t) - 1 / t + 2 / (mu + t) - (y + t) / (mu + t)^2))
  t <- 1; fit <- glm.fit(X, y, w, offset = off, family = poisson(link), intercept = intercept)
  for (i in 1:500) {
    mu <- fit$fitted.values; old <- t
    for (j in 1:50) { step <- ll(t, mu) / hess(t, mu); t <- max(t / 2, t + step); if (abs(step) < 1e-12 * t) break }
    fit <- quietly(glm.fit(X, y, w, start = fit$coefficients, offset = off, family = negative.binomial(t, link), control = glm.control(1e-15, 200), intercept = intercept))
    if (abs(t - old) < 1e-11 * t) break
  }
  if (i == 500) stop("theta did not converge")
  list(value = t, se = sqrt(1 / hess(t, fit$fitted.values)), fit = fit)
}

#' Sandwich by its definition at the fixed point, checked against the sandwich package on an ordinary glm object.
robust <- function(case, mf, Z, fit, unscaled, first) {
  n <- nrow(Z); p <- ncol(Z)
  s <- Z * (fit$weights * fit$residuals)
  h <- rowSums((Z %*% unscaled) * Z) * fit$weights
  kind <- case$options$robust
  meat <- if (kind == "hc3") crossprod(s / (1 - h)) else if (kind == "cluster") crossprod(rowsum(s, as.character(mf[["(cluster)"]]))) else crossprod(s)
  G <- length(unique(mf[["(cluster)"]]))
  scale <- switch(kind, hc0 = 1, hc1 = n / (n - p), hc3 = 1, cluster = G / (G - 1) * (n - 1) / (n - p))
  answer <- scale * unscaled %*% meat %*% unscaled
  g <- quietly(glm(mf, family = fit$family, weights = model.weights(mf), offset = model.offset(mf), control = glm.control(1e-10, 200), start = fit$coefficients))
  other <- switch(kind, hc0 = vcovHC(g, "HC0"), hc1 = vcovHC(g, "HC1"), hc3 = vcovHC(g, "HC3"), cluster = vcovCL(g, mf[["(cluster)"]], type = "HC1", cadjust = TRUE))
  if (max(abs(sqrt(diag(other)) / sqrt(diag(answer)) - 1)) > 1e-5) stop("sandwich disagrees")
  answer
}

predictions <- function(case, mf, fit, covariance, alias) {
  d <- read.csv(text = case$predict, stringsAsFactors = FALSE)
  tt <- delete.response(attr(mf, "terms"))
  X <- model.matrix(tt, model.frame(tt, d, xlev = .getXlevels(attr(mf, "terms"), mf)))[, !alias, drop = FALSE]
  eta <- drop(X %*% fit$coefficients)
  off <- attr(tt, "offset")
  if (!is.null(off)) eta <- eta + eval(attr(tt, "variables")[[off + 1]], d)
  se <- sqrt(rowSums((X %*% covariance) * X))
  list(input = case$predict, estimate = structure(fit$family$linkinv(eta), many = 1), std_error = structure(se * abs(fit$family$mu.eta(eta)), many = 1))
}

#' Multinomial logit by Newton's method with the full Hessian, started by and checked against nnet, and against VGAM.
fit_multinomial <- function(case, d) {
  mf <- frame(case, d); X <- design(mf); y <- C(model.response(mf)); n <- nrow(X)
  w <- model.weights(mf); if (is.null(w)) w <- rep(1, n)
  K <- nlevels(y); p <- ncol(X); Y <- outer(as.integer(y), 2:K, "==") * 1
  newton <- function(X) {
    p <- ncol(X); B <- matrix(0, p, K - 1)
    for (i in 1:100) {
      E <- exp(cbind(0, X %*% B)); P <- (E / rowSums(E))[, -1, drop = FALSE]
      score <- as.vector(crossprod(X, w * (Y - P)))
      H <- matrix(0, p * (K - 1), p * (K - 1))
      for (a in 1:(K - 1)) for (b in 1:(K - 1)) H[(a - 1) * p + 1:p, (b - 1) * p + 1:p] <- crossprod(X, w * P[, a] * ((a == b) - P[, b]) * X)
      step <- solve(H, score, tol = 1e-30); B <- B + step
      if (sum(score * step) < 1e-24) break
    }
    E <- exp(cbind(0, X %*% B))
    list(B = B, V = solve(H, tol = 1e-30), loglik = sum(w * log((E / rowSums(E))[cbind(1:n, as.integer(y))])))
  }
  fit <- newton(X)
  data <- as.data.frame(X); colnames(data) <- paste0("v", 1:p); data$yy <- y; data$ww <- w
  other <- nnet::multinom(yy ~ . - 1 - ww, data, weights = ww, trace = FALSE, maxit = 5000, reltol = 1e-15, abstol = 1e-12)
  if (abs(as.numeric(logLik(other)) - fit$loglik) > 1e-5 * abs(fit$loglik)) stop("nnet disagrees")
  third <- quietly(vglm(yy ~ . - 1 - ww, multinomial(refLevel = 1), data, weights = ww, epsilon = 1e-12, maxit = 100))
  if (max(abs(t(coef(third, matrix = TRUE)) - t(fit$B)) / sqrt(diag(fit$V))) > 1e-5) stop("VGAM disagrees")
  k <- p * (K - 1)
  result <- list(coefficients = table_of(rep(colnames(X), K - 1), as.vector(fit$B), sqrt(diag(fit$V)), outcome = rep(levels(y)[-1], each = p)), covariance = "model",
    deviance = -2 * fit$loglik, log_likelihood = fit$loglik, aic = 2 * k - 2 * fit$loglik, observations = n, rows_rejected = nrow(d) - n, rank = k,
    null_deviance = -2 * newton(matrix(1, n, 1))$loglik, dispersion = 1)
  if (all(w == 1)) result$bic <- log(n) * k - 2 * fit$loglik
  result
}

fit_ordinal <- function(case, d) {
  mf <- frame(case, d); n <- nrow(mf)
  tt <- attr(mf, "terms")
  X <- model.matrix(tt, mf)[, -1, drop = FALSE]
  colnames(X) <- term_names(tt, .getXlevels(tt, mf))[-1]
  y <- factor(model.response(mf), levels = case$options$levels, ordered = TRUE)
  w <- model.weights(mf); if (is.null(w)) w <- rep(1, n)
  off <- model.offset(mf); if (is.null(off)) off <- rep(0, n)
  data <- as.data.frame(X); v <- paste0("v", seq_len(ncol(X))); colnames(data) <- v; data$yy <- y; data$ww <- w; data$oo <- off
  control <- clm.control(gradTol = 1e-11, relTol = 1e-14, maxIter = 200L)
  fit <- clm(as.formula(paste("yy ~", paste(v, collapse = " + "), "+ offset(oo)")), data = data, weights = ww, link = case$link, control = control)
  null <- clm(yy ~ offset(oo), data = data, weights = ww, link = case$link, control = control)
  loglik <- as.numeric(logLik(fit)); k <- length(coef(fit)); cuts <- nlevels(y) - 1
  gauge <- sum(fit$gradient * (vcov(fit) %*% fit$gradient))
  if (gauge > 1e-16) stop("not at the maximum: ", gauge)
  names <- c(paste(levels(y)[-nlevels(y)], levels(y)[-1], sep = "|"), colnames(X))
  result <- list(coefficients = table_of(names, unname(coef(fit)), sqrt(diag(vcov(fit)))), covariance = "model", deviance = -2 * loglik, log_likelihood = loglik,
    aic = 2 * k - 2 * loglik, observations = n, rows_rejected = nrow(d) - n, rank = k, null_deviance = -2 * as.numeric(logLik(null)), dispersion = 1)
  if (all(w == 1)) result$bic <- log(n) * k - 2 * loglik
  result
}

#' Mean bias reduction (Firth 1993) by brglm2; for the logit it maximises the likelihood times Jeffreys' prior, for other links it differs from that.
fit_firth <- function(case, d) {
  mf <- frame(case, d); X <- design(mf); n <- nrow(X)
  d <- as.data.frame(X); colnames(d) <- v <- paste0("v", seq_len(ncol(X))); d$yy <- model.response(mf)
  w <- model.weights(mf); d$ww <- if (is.null(w)) rep(1, n) else w
  fit <- quietly(glm(as.formula(paste("yy ~", paste(v, collapse = " + "), "- 1")), binomial(case$link), d, weights = ww, method = "brglmFit",
    type = "AS_mean", epsilon = 1e-13, maxit = 1000, slowit = 1))
  if (max(abs(fit$grad[v])) > 1e-10) stop("not at the fixed point: ", max(abs(fit$grad[v])))
  loglik <- as.numeric(logLik(fit)); k <- ncol(X)
  list(coefficients = table_of(colnames(X), unname(coef(fit)), sqrt(diag(vcov(fit)))), covariance = "model", deviance = fit$deviance, log_likelihood = loglik, aic = 2 * k - 2 * loglik,
    observations = n, rows_rejected = 0, rank = k, df_residual = n - k, df_null = n - 1, dispersion = 1)
}

#' Penalised scoring: maximum of l(b)/phi - lambda |b|^2 / 2 with the intercept free; covariance phi (X'WX + lambda P)^-1.
fit_ridge <- function(case, d) {
  mf <- frame(case, d); X <- design(mf); y <- as.numeric(model.response(mf)); n <- nrow(X); p <- ncol(X)
  w <- model.weights(mf); if (is.null(w)) w <- rep(1, n)
  off <- model.offset(mf); if (is.null(off)) off <- rep(0, n)
  family <- families[[case$family]](case$link, case$options)
  P <- diag(case$options$ridge * (colnames(X) != "(Intercept)"))
  b <- quietly(glm.fit(X, y, w, offset = off, family = family))$coefficients; b[is.na(b)] <- 0
  for (i in 1:500) {
    eta <- drop(X %*% b) + off; mu <- family$linkinv(eta); slope <- family$mu.eta(eta)
    work <- w * slope^2 / family$variance(mu)
    score <- crossprod(X, work * (y - mu) / slope) - P %*% b
    H <- crossprod(X, work * X) + P
    step <- solve(H, score); b <- b + drop(step)
    if (sum(score * step) < 1e-26) break
  }
  if (i == 500 && sum(score * step) > 1e-20) stop("ridge did not converge")
  pearson <- sum(w * (y - mu)^2 / family$variance(mu))
  known <- case$family %in% c("poisson", "binomial")
  phi <- if (known) 1 else pearson / (n - p)
  list(coefficients = table_of(colnames(X), b, sqrt(phi * diag(solve(H))), if (known) NULL else n - p), covariance = "model",
    deviance = sum(family$dev.resids(y, mu, w)), pearson_chi2 = pearson, dispersion = phi, observations = n, rows_rejected = nrow(d) - n, rank = p)
}

source("cases.R")
fitted <- lapply(cases, function(case) {
  cat(case$name, "\n")
  d <- read(case$data)
  fit <- if (!is.null(case$options$ridge)) fit_ridge else if (isTRUE(case$options$firth)) fit_firth else
    switch(case$family, multinomial = fit_multinomial, ordinal = fit_ordinal, fit_glm)
  options <- case$options
  if (!is.null(options$levels)) options$levels <- structure(options$levels, many = 1)
  c(list(name = case$name, data = case$data, formula = case$formula, family = case$family, link = case$link, options = if (length(options) == 0) structure(list(), names = character()) else options), fit(case, d))
})
if (anyDuplicated(vapply(cases, `[[`, "", "name"))) stop("two cases share a name")
writeLines(json(list(made_by = R.version.string, packages = as.list(vapply(c("MASS", "sandwich", "nnet", "ordinal", "statmod", "VGAM", "brglm2"), function(p) as.character(packageVersion(p)), "")),
  cases = unname(fitted), separation = separation)), "reference.json", useBytes = TRUE)
cat(length(cases), "cases\n")
