# Firth's penalised log-likelihood l + log det I / 2 on thirty nearly separating columns, climbed from many starts. Run from this folder: Rscript firth.R
# Writes firth.json: every maximum that was found, best first. brglm2 0.9 diverges on these data (its coefficients pass 1e15), so this is optim and then Newton's method
# on the gradient, in orthonormal columns.
suppressMessages(library(numDeriv, exclude = "grad"))
d <- read.csv("data/breast_cancer30.csv"); y <- d$malignant
X <- model.matrix(malignant ~ ., d); QR <- qr(X); Q <- qr.Q(QR); R <- qr.R(QR)
value <- function(b) { e <- drop(Q %*% b); ld <- determinant(crossprod(Q, plogis(e) * plogis(-e) * Q)); if (ld$sign <= 0) -1e10 else sum(plogis(ifelse(y == 1, e, -e), log.p = TRUE)) + 0.5 * as.numeric(ld$modulus) }
gradient <- function(b) { e <- drop(Q %*% b); w <- plogis(e) * plogis(-e); h <- rowSums((Q %*% solve(crossprod(Q, w * Q))) * Q) * w; drop(crossprod(Q, y - plogis(e) + h * (0.5 - plogis(e)))) }
climb <- function(b, near = FALSE) {
  for (i in 1:3) if (!near && max(abs(gradient(b))) > 1e-5) b <- optim(b, function(b) -value(b), function(b) -gradient(b), method = "BFGS", control = list(maxit = 3000, reltol = 1e-15))$par
  for (i in 1:8) { H <- -jacobian(gradient, b); step <- solve(H, gradient(b)); b <- b + step; if (max(abs(step)) < 1e-10 * max(abs(b))) break }
  if (max(abs(gradient(b))) > 1e-8 || min(eigen((H + t(H)) / 2)$values) <= 0) NULL else b
}
# zero, random starts, and the answer of this project to four digits: is it a maximum, and what are its digits?
near <- c(-59.99, -5.352, -0.1671, 0.7902, 0.0004489, -26.18, -61.16, 0.2842, 52.63, 11.9, 108.7, 37.05, -1.463, -2.846, -0.08424, -3.874, 40.37, -12.51, 175.7, 12.52, -586.4, 0.862, 0.4451, 0.3705, -0.02007, 44.36, -12.02, 8.198, -5.723, 4.338, 74.88)
found <- list()
for (seed in 0:9) {
  set.seed(seed); b <- tryCatch(if (seed == 0) climb(rep(0, ncol(Q))) else if (seed == 9) climb(drop(R %*% near), TRUE) else climb(rnorm(ncol(Q)) * sqrt(nrow(Q)) * seed), error = function(e) NULL)
  if (is.null(b) || any(vapply(found, function(f) max(abs(f - b)) < 1e-4 * max(abs(b)), NA))) next
  found[[length(found) + 1]] <- b
}
found <- found[order(-vapply(found, value, 0))]
number <- function(v) paste0("[", paste(sprintf("%.17g", v), collapse = ", "), "]")
rows <- vapply(found, function(b) { p <- plogis(drop(Q %*% b)); V <- backsolve(R, t(backsolve(R, solve(crossprod(Q, p * (1 - p) * Q)))))
  paste0("  { \"log_likelihood\": ", sprintf("%.17g", sum(dbinom(y, 1, p, log = TRUE))), ", \"penalised_log_likelihood\": ", sprintf("%.17g", value(b) + sum(log(abs(diag(R))))), ",\n    \"estimates\": ", number(backsolve(R, b)), ",\n    \"errors\": ", number(sqrt(diag(V))), " }") }, "")
writeLines(paste0("{\n \"made_by\": \"", R.version.string, "\",\n \"terms\": [", paste0("\"", colnames(X), "\"", collapse = ", "), "],\n \"maxima\": [\n", paste(rows, collapse = ",\n"), "\n ]\n}"), "firth.json")
cat(length(found), "maxima:", vapply(found, value, 0) + sum(log(abs(diag(R)))), "\n")
