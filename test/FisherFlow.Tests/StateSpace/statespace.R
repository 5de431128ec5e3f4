# The numbers of StateSpaceTests.cs: R 4.2, base and stats only.   Rscript statespace.R
kf <- function(y, T, Q, h, r, m, P) {   # base R, joint covariance form
  ll <- 0
  for (t in seq_along(y)) {
    if (t > 1) { m <- T %*% m; P <- T %*% P %*% t(T) + Q }
    if (!is.na(y[t])) {
      v <- y[t] - sum(h * m); S <- sum(h * (P %*% h)) + r
      ll <- ll - 0.5 * (log(2 * pi * S) + v^2 / S)
      k <- P %*% h / S; m <- m + k * v; P <- P - k %*% t(k) * S
    }
  }
  list(m = m, P = P, ll = ll)
}
options(digits=15)
a <- kf(Nile, matrix(1), matrix(1469.1), 1, 15099, 0, matrix(1e7)); print(a)
y <- as.numeric(Nile); y[c(21:40,61:80)] <- NA
print(kf(y, matrix(1), matrix(1469.1), 1, 15099, 0, matrix(1e7)))
y <- as.numeric(LakeHuron) - 570
print(kf(y, matrix(c(1,0,1,1),2), diag(c(.3,.01)), c(1,0), .1, c(0,0), diag(c(1e4,1e2))))
f <- StructTS(Nile, "level"); print(f$coef); print(f$loglik)
f0 <- arima(Nile, order=c(0,1,1)); print(f0$loglik); print(f0$coef); print(f0$sigma2)
f2 <- arima(LakeHuron, order=c(0,1,1));print(f2$loglik); print(f2$coef)
m <- list(T = matrix(1), Z = 1, h = 15099, V = matrix(1469.1), a = 0, P = matrix(1e7), Pn = matrix(1e7))
s <- KalmanSmooth(as.numeric(Nile), m, nit = -1L); print(s$smooth[c(1, 50, 100)]); print(s$var[c(1, 50, 100)])
