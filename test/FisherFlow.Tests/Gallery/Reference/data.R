# Writes the data sets of the gallery to data/. Run from this folder: Rscript data.R
# Seeds are fixed; numbers are rounded so that they read back to the same doubles.

suppressMessages({ library(survival); library(pscl); library(VGAM) })
write <- function(d, name) write.csv(d, file.path("data", paste0(name, ".csv")), row.names = FALSE, quote = FALSE)
short <- function(v) signif(v, 7)
dir.create("data", showWarnings = FALSE)

set.seed(20261123)
n <- 300
x <- short(rnorm(n)); z <- short(runif(n)); g <- sample(c("a", "b", "c"), n, TRUE)
b <- c(a = 0, b = 0.4, c = -0.3)[g]
standard <- function(q) short(0.5 + 1.2 * x - 0.7 * z + b + exp(-0.2 + 0.3 * z) * q)   # location and scale
gumbel <- -log(-log(runif(n)))
mean01 <- plogis(0.3 + 0.6 * x - 0.5 * z)
alpha <- cbind(exp(0.5 + 0.3 * x), exp(0.9), exp(0.2 - 0.4 * x)); shares <- matrix(rgamma(3 * n, alpha), n); shares <- shares / rowSums(shares)
mu <- exp(0.8 + 0.5 * x - 0.4 * z)
zero <- runif(n) < plogis(-1 + 0.8 * z)
positive <- function(q, p) q(p(0) + runif(n) * (1 - p(0)))
angle <- 2 * atan(0.4 + 0.5 * x)
von_mises <- function(kappa) {                          # Best and Fisher (1979)
  tau <- 1 + sqrt(1 + 4 * kappa^2); rho <- (tau - sqrt(2 * tau)) / (2 * kappa); r <- (1 + rho^2) / (2 * rho)
  vapply(seq_len(n), function(i) repeat {
    c0 <- cos(pi * runif(1)); f <- (1 + r * c0) / (r + c0); c1 <- kappa * (r - f); u <- runif(1)
    if (c1 * (2 - c1) - u > 0 || log(c1 / u) + 1 - c1 >= 0) return(sign(runif(1) - 0.5) * acos(f))
  }, 0)
}
wrap <- function(a) (a + pi) %% (2 * pi) - pi
trunc_normal <- function(m, s) qnorm(pnorm(-m / s) + runif(n) * (1 - pnorm(-m / s))) * s + m
write(data.frame(x, z, g,
  normal = standard(rnorm(n)), lognormal = short(exp(standard(rnorm(n)) / 2)), student = standard(rt(n, 4)), cauchy = standard(rcauchy(n)),
  laplace = standard(rexp(n) * sample(c(-1, 1), n, TRUE)), logistic = standard(rlogis(n)), gumbel = standard(gumbel),
  weibull = short(exp(0.5 + 0.8 * x) * rweibull(n, 1.7)), gamma = short(rgamma(n, exp(0.4 + 0.5 * z), 1) * mu / exp(0.4 + 0.5 * z)),
  beta = short(rbeta(n, mean01 * exp(2 + z), (1 - mean01) * exp(2 + z))),
  share1 = signif(shares[, 1], 9), share2 = signif(shares[, 2], 9), share3 = 1 - signif(shares[, 1], 9) - signif(shares[, 2], 9),
  geometric = rgeom(n, plogis(-0.5 + 0.6 * x)), direction = short(wrap(angle + von_mises(1.8))),
  zip = ifelse(zero, 0, rpois(n, mu)), zinb = ifelse(zero, 0, rnbinom(n, mu = 2 * mu, size = 1.5)),
  hurdlep = ifelse(zero, 0, qpois(dpois(0, mu) + runif(n) * (1 - dpois(0, mu)), mu)),
  hurdlenb = ifelse(zero, 0, qnbinom(dnbinom(0, mu = 2 * mu, size = 1.5) + runif(n) * (1 - dnbinom(0, mu = 2 * mu, size = 1.5)), mu = 2 * mu, size = 1.5)),
  tobit = short(pmax(0, 0.4 + x - 0.5 * z + rnorm(n))), truncated = short(trunc_normal(0.8 + 0.7 * x, 1.1)),
  w = sample(1:4, n, TRUE)), "gallery")

# Survival: events, right, left and interval censoring of one log-logistic time (status 0 right, 1 event, 2 left, 3 interval, as in R's Surv).
time <- exp(1 + 0.6 * x - 0.4 * z + 0.5 * rlogis(n)); end <- rexp(n, 0.12)
event <- as.integer(time <= end)
visit <- 1.5 * floor(time / 1.5)
kind <- sample(0:3, n, TRUE, c(0.2, 0.4, 0.1, 0.3))
kind[kind == 3 & visit == 0] <- 2
low <- ifelse(kind == 1, time, ifelse(kind == 0, time * runif(n, 0.3, 1), ifelse(kind == 2, time + rexp(n), visit)))
high <- ifelse(kind == 3, visit + 1.5, low)
write(data.frame(x, z, g, time = short(pmin(time, end)), event, low = short(low), high = short(high), status = kind), "survival")

d <- na.omit(lung[, c("time", "status", "age", "sex", "ph.ecog")])
write(data.frame(time = d$time, event = d$status - 1, age = d$age, sex = d$sex, ecog = d$ph.ecog), "lung")
write(tobin, "tobin")
data(bioChemists)
write(with(bioChemists, data.frame(art, fem, mar, kid5, phd = short(phd), ment)), "biochemists")

# Pairs: eight players, the first named has an edge.
player <- c("ann", "bob", "cat", "dan", "eve", "fay", "gus", "hal"); ability <- setNames(c(1.2, 0.4, 0, -0.3, 0.8, -0.9, 0.1, -0.5), player)
home <- sample(player, 240, TRUE); away <- vapply(home, function(p) sample(setdiff(player, p), 1), "")
won <- as.integer(runif(240) < plogis(0.3 + ability[home] - ability[away]))
write(data.frame(home, away, won, winner = ifelse(won == 1, home, away), loser = ifelse(won == 1, away, home)), "pairs")

# Left truncation: times that were long enough to be seen, a quarter of them from the beginning. And the Channing House (Hyde 1980, in boot): residents by age in months.
set.seed(20261124)
n <- 4 * n; x <- short(rnorm(n)); z <- short(runif(n))
time <- 6 * exp(0.15 * x - 0.2 * z) * rweibull(n, 3); entry <- ifelse(runif(n) < 0.25, 0, runif(n, 0, 6)); end <- entry + rexp(n, 0.12)
seen <- which(time > entry)[1:300]
write(data.frame(x, z, entry = short(entry), exit = short(pmin(time, end)), event = as.integer(time <= end))[seen, ], "delayed")
with(boot::channing[boot::channing$entry < boot::channing$exit, ], write(data.frame(sex = tolower(as.character(sex)), entry, exit, event = cens), "channing"))
