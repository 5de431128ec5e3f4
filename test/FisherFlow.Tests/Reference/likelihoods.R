# Answers of R for likelihoods of one's own: nls for means, optim for log-densities. Writes likelihoods.json; run in this folder: Rscript likelihoods.R
library(jsonlite)

of_nls <- function(data, formula, start, weights = NULL) {
  frame <- read.csv(file.path("data", paste0(data, ".csv")))
  if (!is.null(weights)) frame$w <- frame[[weights]]
  control <- nls.control(tol = 1e-7, maxiter = 500, minFactor = 1e-10)
  fit <- if (is.null(weights)) nls(as.formula(formula), frame, start = start, control = control)
         else nls(as.formula(formula), frame, start = start, control = control, weights = w)
  table <- summary(fit)$coefficients
  list(data = data, formula = formula, parameters = paste(names(start), collapse = ", "), start = start, weights = weights, names = rownames(table),
       estimate = unname(table[, 1]), std_error = unname(table[, 2]), p_value = unname(table[, 4]), log_likelihood = as.numeric(logLik(fit)), aic = AIC(fit), sigma = summary(fit)$sigma)
}

# density is a function of theta and the frame; parameters are unconstrained here, as the start is inside and the maximum too
of_optim <- function(data, expression, parameters, start, density) {
  frame <- read.csv(file.path("data", paste0(data, ".csv")))
  minus <- function(theta) { value <- -sum(density(theta, frame)); if (is.finite(value)) value else 1e10 }
  at <- unlist(start)
  for (i in 1:20) at <- optim(at, minus, method = if (i %% 2 == 1) "Nelder-Mead" else "BFGS", control = list(reltol = 1e-16, maxit = 20000, parscale = abs(at)))$par
  scale <- 1e-5 * abs(at)
  hessian <- matrix(0, length(at), length(at))   # central differences of fourth order along each pair
  second <- function(i, j) {
    f <- function(a, b) { theta <- at; theta[i] <- theta[i] + a * 10 * scale[i]; theta[j] <- theta[j] + b * 10 * scale[j]; minus(theta) }
    if (i == j) { g <- function(a) { theta <- at; theta[i] <- theta[i] + a * 10 * scale[i]; minus(theta) }
                  (-g(2) + 16 * g(1) - 30 * g(0) + 16 * g(-1) - g(-2)) / (12 * (10 * scale[i])^2) }
    else (f(1, 1) - f(1, -1) - f(-1, 1) + f(-1, -1)) / (4 * 100 * scale[i] * scale[j])
  }
  for (i in seq_along(at)) for (j in seq_along(at)) hessian[i, j] <- second(i, j)
  list(data = data, log_density = expression, parameters = parameters, start = start, names = names(start),
       estimate = unname(at), std_error = unname(sqrt(diag(solve(hessian)))), log_likelihood = -minus(at))
}

cases <- list(
  of_nls("mtcars", "mpg ~ a * exp(-b * wt)", list(a = 45, b = 0.3)),
  of_nls("mtcars", "mpg ~ a / (1 + b * wt)", list(a = 60, b = 0.5), weights = "cyl"),
  of_nls("trees", "Volume ~ a * Girth^b * Height^c", list(a = 0.002, b = 2, c = 1)),
  of_optim("mtcars", "log(k / l) + (k - 1) * log(mpg / l) - (mpg / l)^k", "k > 0, l > 0", list(k = 3, l = 22),
    function(t, d) dweibull(d$mpg, t[1], t[2], log = TRUE)),
  of_optim("mtcars", "lgamma(2.5) - lgamma(2) - 0.5 * log(4 * pi) - log(s) - 2.5 * log1p(((mpg - a - b * wt) / s)^2 / 4)", "a, b, s > 0",
    list(a = 37, b = -5, s = 2.5), function(t, d) dt((d$mpg - t[1] - t[2] * d$wt) / t[3], 4, log = TRUE) - log(t[3])),
  of_optim("quine", "ifelse(Days == 0, log(p + (1 - p) * exp(-m)), log1p(-p) + Days * log(m) - m - lfactorial(Days))", "p in (0, 1), m > 0", list(p = 0.1, m = 15),
    function(t, d) ifelse(d$Days == 0, log(t[1] + (1 - t[1]) * exp(-t[2])), log1p(-t[1]) + dpois(d$Days, t[2], log = TRUE)))
)
writeLines(toJSON(list(r = R.version.string, cases = cases), auto_unbox = TRUE, digits = 17, pretty = TRUE, null = "null"), "likelihoods.json")
