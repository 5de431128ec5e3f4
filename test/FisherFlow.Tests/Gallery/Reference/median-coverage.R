# Coverage of 95 % intervals of a median regression with the errors that the laplace family has, sigma^2 (X'X)^-1:
# the numbers at the end of "Coverage of the gallery" in docs/benchmarks-simulations.md.   Rscript median-coverage.R
suppressMessages(library(quantreg))
set.seed(20261123)
for (case in list(c(400, 5000), c(1600, 4000), c(6400, 2000))) {
  n <- case[1]
  runs <- case[2]
  covered <- matrix(0, runs, 3)
  for (run in seq_len(runs)) {
    x <- round(runif(n, -1, 1), 3)
    y <- x + rexp(n) * sample(c(-1, 1), n, TRUE)
    X <- cbind(1, x)
    fit <- suppressWarnings(rq.fit(X, y, tau = 0.5))
    scale <- mean(abs(fit$residuals))
    errors <- scale * sqrt(diag(solve(crossprod(X))))
    covered[run, ] <- c(abs(fit$coefficients - c(0, 1)) <= 1.959964 * errors, abs(log(scale)) <= 1.959964 / sqrt(n))
  }
  cat(n, "rows,", runs, "data sets:", round(100 * colMeans(covered), 2), "together", round(100 * mean(covered), 2),
      "+-", round(100 * sd(rowMeans(covered)) / sqrt(runs), 2), "\n")
}
