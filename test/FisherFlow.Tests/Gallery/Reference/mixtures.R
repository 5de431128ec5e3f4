# Fits mixtures of regressions by EM, to convergence, and writes mixtures.json and data/mixture.csv, data/faithful.csv, next to this file. Run from this folder: Rscript mixtures.R
# EM is written out; standard errors are the inverse of minus the Hessian of the log-likelihood, by Richardson's derivatives, in (beta, log sigma, log odds against the first component),
# those of sigma and of the weights by the delta method. Components are in the order of their mean fitted values.

suppressMessages({ library(numDeriv); library(jsonlite) })
set.seed(20261124)
n <- 600; x <- signif(2 * rnorm(n), 6); g <- sample(c("a", "b", "c"), n, TRUE); w <- sample(1:3, n, TRUE); e <- signif(runif(n), 5)
first <- runif(n) < 0.35
y <- ifelse(first, -1 + x + c(a = 0, b = 0.5, c = -0.5)[g] + 0.5 * rnorm(n), 2 - 0.5 * x + 2 * c(a = 0, b = 0.5, c = -0.5)[g] + rnorm(n))
z <- c(-4, 0, 5)[sample(1:3, n, TRUE, c(0.2, 0.5, 0.3))] + rnorm(n)
write.csv(data.frame(y = signif(y, 8), z = signif(z, 8), x, g, w, e), "data/mixture.csv", row.names = FALSE, quote = FALSE)
write.csv(faithful, "data/faithful.csv", row.names = FALSE, quote = FALSE)
d <- read.csv("data/mixture.csv")

fit <- function(name, data, formula, K, split, weights = NULL, offset = NULL) {
  D <- read.csv(paste0("data/", data, ".csv")); X <- model.matrix(formula, D); Y <- D[[all.vars(formula)[1]]] - if (is.null(offset)) 0 else D[[offset]]
  W <- if (is.null(weights)) rep(1, length(Y)) else D[[weights]]; p <- ncol(X)
  part <- cut(rank(split(D)), K, labels = FALSE); R <- outer(part, 1:K, "==") * 1; last <- -Inf
  for (i in 1:100000) {                                                       # EM
    pi <- colSums(W * R) / sum(W)
    B <- sapply(1:K, function(k) lm.wfit(X, Y, W * R[, k])$coefficients); B <- matrix(B, p, K)
    s <- sapply(1:K, function(k) sqrt(sum(W * R[, k] * (Y - X %*% B[, k])^2) / sum(W * R[, k])))
    L <- sapply(1:K, function(k) log(pi[k]) + dnorm(Y, X %*% B[, k], s[k], log = TRUE)); m <- apply(L, 1, max)
    f <- m + log(rowSums(exp(L - m))); R <- exp(L - f); l <- sum(W * f)
    if (l - last < 1e-13 * abs(l) && i > 5000) break
    last <- l
  }
  o <- order(colSums(W * X %*% B)); B <- B[, o, drop = FALSE]; s <- s[o]; pi <- pi[o]
  loglik <- function(b) {
    B <- matrix(b[1:(p * K)], p); s <- exp(b[p * K + 1:K]); q <- c(0, b[p * K + K + seq_len(K - 1)]); q <- q - log(sum(exp(q)))
    L <- sapply(1:K, function(k) q[k] + dnorm(Y, X %*% B[, k], s[k], log = TRUE)); m <- apply(L, 1, max); sum(W * (m + log(rowSums(exp(L - m)))))
  }
  b <- c(B, log(s), log(pi[-1] / pi[1])); H <- -hessian(loglik, b); V <- solve(H)
  if (sqrt(sum(grad(loglik, b) * (V %*% grad(loglik, b)))) > 1e-5) stop(name, " is not at the maximum")
  J <- outer(1:K, 2:K, function(k, o) pi[k] * ((k == o) - pi[o])); q <- p * K + K + seq_len(K - 1)
  terms <- sub("^g(?=.)", "g[", colnames(X), perl = TRUE); terms <- ifelse(grepl("[", terms, fixed = TRUE), paste0(terms, "]"), terms)
  cat(name, l, "\n")
  list(name = name, data = data, formula = deparse(formula), components = K, weights = weights, offset = offset, terms = I(terms), coefficients = I(c(B)), std_errors = I(sqrt(diag(V))[1:(p * K)]),
    sigma = I(s), sigma_std_errors = I(s * sqrt(diag(V))[p * K + 1:K]), weight = I(pi), weight_std_errors = I(sqrt(diag(J %*% V[q, q] %*% t(J)))), log_likelihood = l)
}
cases <- list(
  fit("normals of Old Faithful", "faithful", waiting ~ 1, 2, function(D) D$waiting),
  fit("lines that cross, with a factor", "mixture", y ~ x + g, 2, function(D) (D$y - 1) * D$x),
  fit("weighted lines with an offset", "mixture", y ~ x + g, 2, function(D) (D$y - 1) * D$x, "w", "e"),
  fit("three normals", "mixture", z ~ 1, 3, function(D) D$z))
write(toJSON(list(R = paste(R.version$major, R.version$minor, sep = "."), cases = cases), auto_unbox = TRUE, digits = NA, null = "null", pretty = TRUE), "mixtures.json")
