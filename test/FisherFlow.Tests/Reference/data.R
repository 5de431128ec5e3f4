# Writes the data sets of the reference fits to data/. Run from this folder:
#   Rscript data.R PATH_OF_UCI PATH_OF_FLIGHTS
# PATH_OF_UCI holds wine.csv and breast_cancer.csv, PATH_OF_FLIGHTS is flights-3m.csv.gz (both described in README.md).
# Seeds are fixed; numbers are written so that they read back to the same doubles.

suppressMessages({ library(MASS); library(ordinal); library(brglm2) })
arguments <- commandArgs(TRUE)
uci <- arguments[1]; flights <- arguments[2]

write <- function(d, name) {
  for (v in names(d)) if (is.double(d[[v]])) d[[v]] <- sprintf("%.15g", d[[v]])
  d[] <- lapply(d, function(v) { v <- as.character(v); v[v == "NA"] <- NA; v })
  write.csv(d, file.path("data", paste0(name, ".csv")), row.names = FALSE, quote = FALSE, na = "NA")
}
rounded <- function(d) { for (v in names(d)) if (is.double(d[[v]])) d[[v]] <- signif(d[[v]], 6); d }

# --- published data, as R and its packages carry them ---
write(warpbreaks, "warpbreaks")
write(esoph, "esoph")
write(infert, "infert")
write(airquality, "airquality")
write(mtcars, "mtcars")
write(trees, "trees")
write(ToothGrowth, "toothgrowth")
write(quine, "quine")
write(housing, "housing")
write(Insurance, "insurance")
write(anorexia, "anorexia")
write(epil, "epil")
write(bacteria, "bacteria")
write(snails, "snails")
write(subset(ships, service > 0), "ships")
write(transform(menarche, Total = NULL, Other = Total - Menarche), "menarche")
write(transform(birthwt, race = c("white", "black", "other")[race], smoke = c("no", "yes")[smoke + 1], ptd = as.integer(ptl > 0), ptl = NULL), "birthwt")
names(wine) <- sub("response", "score", names(wine))
write(wine, "bitterness")
data(endometrial, package = "brglm2")
write(endometrial, "endometrial")

# --- UCI: ten means of the diagnostic breast cancer data, all of wine ---
write(read.csv(file.path(uci, "breast_cancer.csv"))[, c(1:10, 31)], "breast_cancer")
write(read.csv(file.path(uci, "wine.csv")), "wine")

# --- every 3000th flight ---
f <- read.csv(flights, colClasses = c("character", "integer", "integer", "character", "character"))
write(f[seq(1500, nrow(f), by = 3000), ], "flights1000")

# --- simulated ---
set.seed(20010131)
n <- 400
positive <- data.frame(x = runif(n), z = rnorm(n), g = sample(c("a", "b", "c"), n, TRUE), w = sample(1:5, n, TRUE), e = rexp(n) + 0.2)
eta <- with(positive, 0.5 + x - 0.3 * z + c(a = 0, b = 0.4, c = -0.2)[g])
positive$gamma <- rgamma(n, shape = 3, scale = exp(eta) / 3)
positive$steep <- rgamma(n, shape = 4, scale = 1 / ((1 + positive$x + (positive$g == "b") * 0.5) * 4))       # 1/mu is linear
positive$straight <- rgamma(n, shape = 5, scale = (2 + 3 * positive$x + (positive$g == "c") * 1.5) / 5)      # mu is linear
positive$brownian <- statmod::rinvgauss(n, mean = exp(eta / 2), dispersion = 0.3)
positive$brownian2 <- statmod::rinvgauss(n, mean = 1 / sqrt(0.5 + positive$x + (positive$g == "b") * 0.6), dispersion = 0.2)  # 1/mu^2 is linear
claims <- rpois(n, exp(eta - 0.5))
positive$cost <- vapply(claims, function(k) if (k == 0) 0 else sum(rgamma(k, shape = 2, scale = 0.7)), 0)
write(rounded(positive), "positive")

n <- 500
binary <- data.frame(x = rnorm(n), z = runif(n), g = sample(c("north", "south", "west"), n, TRUE, c(.5, .3, .2)), w = sample(1:4, n, TRUE), v = runif(n, 0.2, 3),
                     base = rnorm(n, sd = 0.5), cluster = paste0("c", sample(1:40, n, TRUE)), trials = sample(1:12, n, TRUE))
shift <- setNames(rnorm(40, sd = 0.7), paste0("c", 1:40))
eta <- with(binary, -0.3 + 0.8 * x - z + c(north = 0, south = 0.5, west = -0.4)[g])
binary$y <- rbinom(n, 1, plogis(eta + binary$base))
binary$clustered <- rbinom(n, 1, plogis(eta + shift[binary$cluster]))
binary$rare <- rbinom(n, 1, exp(-1.6 + 0.3 * pmin(pmax(binary$x, -1.5), 1.5) - 0.5 * binary$z))                # log link, well inside (0, 1)
binary$s <- rbinom(n, binary$trials, plogis(eta)); binary$f <- binary$trials - binary$s
binary$answer <- ifelse(rbinom(n, 1, pnorm(eta)) == 1, "yes", "no")
binary$flag <- ifelse(rbinom(n, 1, plogis(eta / 2)) == 1, "true", "false")
write(rounded(binary), "binary")

n <- 300
counts <- data.frame(x = runif(n, 0, 2), z = rnorm(n), g = sample(c("p", "q", "r", "s"), n, TRUE), w = sample(1:3, n, TRUE), exposure = round(runif(n, 1, 20), 2), site = paste0("s", sample(1:25, n, TRUE)))
between <- setNames(rnorm(25, sd = 0.3), paste0("s", 1:25))
counts$rate <- rpois(n, counts$exposure * exp(-1 + 0.4 * counts$x + c(p = 0, q = 0.3, r = -0.3, s = 0.6)[counts$g] + between[counts$site]))
counts$linear <- rpois(n, 2 + 3 * counts$x + 1.5 * (counts$g == "s"))
counts$root <- rpois(n, (1 + counts$x + 0.4 * (counts$g == "q"))^2)
counts$over <- rnbinom(n, size = 1.8, mu = exp(0.8 + 0.5 * counts$x - 0.3 * counts$z))
counts$grade <- cut(0.9 * counts$x - 0.6 * counts$z + rlogis(n), c(-Inf, -0.5, 0.7, 2, Inf), c("1", "2", "3", "4"))
counts$level <- 3 + counts$x - 0.5 * counts$z + rnorm(n, sd = 0.5 + counts$x)
counts <- rounded(counts)
counts$x2 <- 2 * counts$x + 1                                                                                  # collinear, to the last bit or nearly
write(counts, "counts")

# --- separation: which coefficients are infinite follows by eye ---
write(data.frame(x = 1:12, y = rep(0:1, each = 6)), "separated")                                               # a threshold on x separates completely
write(data.frame(y = c(0, 1, 0, 1, 1, 0, 0, 1, 1, 0, 1, 1, 1, 1, 1), x = c(1.2, 0.4, 2.2, 1.1, 3.1, 0.7, 1.9, 2.8, 0.3, 1.5, 1.0, 2.0, 0.6, 1.4, 2.5), g = rep(c("a", "b", "c"), each = 5)), "quasi")  # every c is a 1
write(data.frame(y = c(2, 0, 1, 3, 1, 4, 2, 2, 0, 0, 0, 0), g = rep(c("a", "b", "c"), each = 4), x = c(1, 2, 3, 4, 2, 3, 1, 4, 4, 1, 3, 2)), "zerocounts")  # no count in c
