# The reference cases: data set, formula, family, link, options. Read by reference.R.

case <- function(name, data, formula, family = "gaussian", link = "identity", ..., predict = NULL, start = NULL, no_likelihood = FALSE)
  list(name = name, data = data, formula = formula, family = family, link = link, options = list(...), predict = predict, start = start, no_likelihood = no_likelihood)

each <- function(links, make) lapply(links, make)

cases <- c(
  # gaussian
  list(
    case("gaussian: one factor crossed with another", "warpbreaks", "breaks ~ wool * tension"),
    case("gaussian: every other column", "trees", "Volume ~ ."),
    case("gaussian: powers, logarithms and a numeric product", "mtcars", "mpg ~ log(wt) + I(hp^2) + disp:drat + C(cyl)",
         predict = "wt,hp,disp,drat,cyl\n2.5,100,150,3.5,4\n3.2,180,300,3.1,8\n2.9,123,167.6,3.92,6"),
    case("gaussian: offset", "anorexia", "Postwt ~ Prewt + Treat + offset(Prewt)"),
    case("gaussian: numbers as levels", "toothgrowth", "len ~ supp * C(dose)"),
    case("gaussian: slopes by group, without the common slope", "toothgrowth", "len ~ supp + dose:supp"),
    case("gaussian: slopes by group, with the common slope", "toothgrowth", "len ~ supp * dose"),
    case("gaussian: cells without margins", "warpbreaks", "breaks ~ wool:tension"),
    case("gaussian: one margin and cells", "warpbreaks", "breaks ~ wool + wool:tension"),
    case("gaussian: no intercept, numeric", "trees", "Volume ~ Girth + Height - 1"),
    case("gaussian: no intercept, a factor", "warpbreaks", "breaks ~ tension - 1"),
    case("gaussian: no intercept, two factors", "warpbreaks", "breaks ~ wool + tension - 1"),
    case("gaussian: no intercept, a number and a factor", "counts", "level ~ x + g - 1"),
    case("gaussian: rows with missing values", "airquality", "Ozone ~ Solar.R + Wind + Temp + C(Month)"),
    case("gaussian: fractional weights", "positive", "gamma ~ x + z + g", weights = "e"),
    case("gaussian: a collinear column", "counts", "level ~ x + x2 + z"),
    case("gaussian: another reference level", "birthwt", "bwt ~ age + lwt + C(race, ref=\"white\") + smoke + ht + ui + ptd"),
    case("gaussian: hc0", "counts", "level ~ x + z + g", robust = "hc0"),
    case("gaussian: hc1", "counts", "level ~ x + z + g", robust = "hc1"),
    case("gaussian: hc3", "counts", "level ~ x + z + g", robust = "hc3"),
    case("gaussian: hc3 with weights", "counts", "level ~ x * g", weights = "w", robust = "hc3"),
    case("gaussian: clustered", "counts", "level ~ x + z + g", cluster = "site", robust = "cluster"),
    case("gaussian log", "positive", "gamma ~ x + z + g", "gaussian", "log", start = c(0.5, 1, -0.3, 0.4, -0.2)),
    case("gaussian inverse", "positive", "steep ~ x + g", "gaussian", "inverse", start = c(1, 1, 0.5, 0)),
    case("gaussian: dates", "flights1000", "delay ~ distance + hour(date) + C(weekday(date))")),
  # binomial, 0/1
  each(c("logit", "probit", "cloglog", "cauchit"), function(link) case(paste("binomial", link), "binary", "y ~ x + z + g", "binomial", link)),
  each(c("logit", "probit", "cloglog", "cauchit"), function(link) case(paste("binomial", link, "of proportions"), "menarche", "cbind(Menarche, Other) ~ Age", "binomial", link)),
  list(
    case("binomial log", "binary", "rare ~ x + z", "binomial", "log", start = c(-1.6, 0.2, -0.5)),
    case("binomial: successes and failures", "esoph", "cbind(ncases, ncontrols) ~ agegp + alcgp + tobgp", "binomial", "logit"),
    case("binomial: successes and failures, simulated", "binary", "cbind(s, f) ~ x * g + z", "binomial", "logit", predict = "x,z,g\n0,0.5,north\n1.5,0.1,west\n-2,0.9,south"),
    case("binomial: two text levels", "bacteria", "y ~ trt + week", "binomial", "logit"),
    case("binomial: two text levels, simulated", "binary", "answer ~ x + z + g", "binomial", "probit"),
    case("binomial: booleans", "binary", "flag ~ x + z", "binomial", "logit"),
    case("binomial: a comparison", "flights1000", "I(delay > 15) ~ distance + hour(date) + C(month(date))", "binomial", "logit"),
    case("binomial: many numeric columns", "breast_cancer", "malignant ~ mean_radius + mean_texture + mean_smoothness + mean_symmetry", "binomial", "logit"),
    case("binomial: offset column", "binary", "y ~ x + z + g", "binomial", "logit", offset = "base"),
    case("binomial: frequency weights", "binary", "y ~ x + z + g", "binomial", "cloglog", weights = "w"),
    case("binomial: fractional weights", "binary", "y ~ x + z + g", "binomial", "logit", weights = "v", no_likelihood = TRUE),
    case("binomial: no intercept", "binary", "y ~ x + z - 1", "binomial", "logit"),
    case("binomial: interactions of factors", "birthwt", "low ~ race * smoke + age + lwt + ptd", "binomial", "logit"),
    case("binomial: hc0", "infert", "case ~ spontaneous + induced + age + education", "binomial", "logit", robust = "hc0"),
    case("binomial: hc1 of a probit", "binary", "y ~ x + z + g", "binomial", "probit", robust = "hc1"),
    case("binomial: hc3", "birthwt", "low ~ race + smoke + age + lwt", "binomial", "logit", robust = "hc3"),
    case("binomial: clustered", "binary", "clustered ~ x + z + g", "binomial", "logit", cluster = "cluster", robust = "cluster"),
    case("binomial: clustered by a text column", "bacteria", "y ~ trt + week", "binomial", "logit", cluster = "ID", robust = "cluster"),
    case("quasi binomial", "snails", "cbind(Deaths, I(N - Deaths)) ~ Species + Exposure + Rel.Hum + Temp", "binomial", "logit", dispersion = "estimate")),
  # poisson
  list(
    case("poisson log", "warpbreaks", "breaks ~ wool * tension", "poisson", "log"),
    case("poisson: rates", "insurance", "Claims ~ C(District) + Group + Age + offset(log(Holders))", "poisson", "log",
         predict = "District,Group,Age,Holders\n1,1-1.5l,25-29,100\n4,>2l,<25,20\n2,<1l,>35,1000"),
    case("poisson: rates, sparse factors", "ships", "incidents ~ type + C(year) + C(period) + offset(log(service))", "poisson", "log"),
    case("poisson identity", "counts", "linear ~ x + g", "poisson", "identity", start = c(2, 3, 0, 0, 1)),
    case("poisson sqrt", "counts", "root ~ x + g", "poisson", "sqrt"),
    case("poisson: fractional weights", "counts", "rate ~ x + g + offset(log(exposure))", "poisson", "log", weights = "exposure"),
    case("poisson: hc1", "counts", "rate ~ x + g + offset(log(exposure))", "poisson", "log", robust = "hc1"),
    case("poisson: hc3 of counts by offset", "counts", "rate ~ x + g + offset(log(exposure))", "poisson", "log", robust = "hc3"),
    case("poisson: clustered", "epil", "y ~ lbase * trt + lage + V4", "poisson", "log", cluster = "subject", robust = "cluster"),
    case("quasi poisson", "epil", "y ~ lbase * trt + lage + V4", "poisson", "log", dispersion = "estimate"),
    case("poisson: an empty cell", "quine", "Days ~ Sex + Age * Lrn", "poisson", "log")),
  # positive responses
  each(c("log", "inverse", "identity"), function(link) case(paste("gamma", link), "positive", c(log = "gamma ~ x + z + g", inverse = "steep ~ x + g", identity = "straight ~ x + g")[[link]], "gamma", link)),
  list(
    case("gamma: logarithms", "trees", "Volume ~ log(Girth) + log(Height)", "gamma", "log"),
    case("gamma: weights and offset", "positive", "gamma ~ x + g + offset(z)", "gamma", "log", weights = "w"),
    case("gamma: hc0", "positive", "gamma ~ x + z + g", "gamma", "log", robust = "hc0"),
    case("gamma: missing values", "airquality", "Ozone ~ Solar.R + Wind + Temp", "gamma", "inverse")),
  each(c("log", "1/mu^2", "inverse"), function(link) case(paste("inverse gaussian", link), "positive", c(log = "brownian ~ x + z + g", "1/mu^2" = "brownian2 ~ x + g", inverse = "brownian2 ~ x + g")[[link]], "inverse-gaussian", link,
       start = c("1/mu^2" = list(c(0.5, 1, 0.5, 0)), inverse = list(c(0.7, 0.5, 0.3, 0)))[[link]])),
  list(
    case("inverse gaussian: weights", "positive", "brownian ~ x * g", "inverse-gaussian", "log", weights = "w"),
    case("tweedie 1.5", "positive", "cost ~ x + z + g", "tweedie", "log", power = 1.5),
    case("tweedie 1.2 with weights", "positive", "cost ~ x + z + g", "tweedie", "log", power = 1.2, weights = "w"),
    case("tweedie 2.5", "positive", "gamma ~ x + z + g", "tweedie", "log", power = 2.5)),
  # negative binomial
  list(
    case("negative binomial", "counts", "over ~ x + z", "negative-binomial", "log"),
    case("negative binomial: factors", "quine", "Days ~ Eth + Sex + Age + Lrn", "negative-binomial", "log"),
    case("negative binomial: offset", "counts", "rate ~ x + g + offset(log(exposure))", "negative-binomial", "log"),
    case("negative binomial: weights", "counts", "over ~ x + g", "negative-binomial", "log", weights = "w")),
  # several outcomes
  list(
    case("multinomial: numeric columns", "wine", "cultivar ~ alcohol + malic_acid + ash", "multinomial", "logit"),
    case("multinomial: factors with weights", "housing", "Sat ~ Infl + Type + Cont", "multinomial", "logit", weights = "Freq"),
    case("multinomial: numbers as outcomes", "counts", "C(grade) ~ x + z + g", "multinomial", "logit")),
  each(c("logit", "probit", "cloglog"), function(link) case(paste("ordinal", link), "housing", "Sat ~ Infl + Type + Cont", "ordinal", link, weights = "Freq", levels = c("Low", "Medium", "High"))),
  each(c("logit", "probit", "cloglog"), function(link) case(paste("ordinal", link, "of numbers"), "counts", "grade ~ x + z", "ordinal", link, levels = c("1", "2", "3", "4"))),
  list(
    case("ordinal: interaction", "bitterness", "rating ~ temp * contact", "ordinal", "logit", levels = c("1", "2", "3", "4", "5")),
    case("ordinal: offset", "counts", "grade ~ x + z + g + offset(0.5 * x)", "ordinal", "logit", levels = c("1", "2", "3", "4"))),
  # penalties
  list(
    case("firth: a coefficient that would be infinite", "endometrial", "HG ~ NV + PI + EH", "binomial", "logit", firth = TRUE),
    case("firth: complete separation", "separated", "y ~ x", "binomial", "logit", firth = TRUE),
    case("firth: a factor", "quasi", "y ~ x + g", "binomial", "logit", firth = TRUE),
    case("firth: probit", "endometrial", "HG ~ NV + PI + EH", "binomial", "probit", firth = TRUE),
    case("firth: cloglog", "birthwt", "low ~ race + smoke + age", "binomial", "cloglog", firth = TRUE),
    case("ridge: gaussian", "counts", "level ~ x + z + g", ridge = 2.5),
    case("ridge: gaussian, collinear", "counts", "level ~ x + x2 + z", ridge = 0.5),
    case("ridge: binomial", "binary", "y ~ x + z + g", "binomial", "logit", ridge = 1),
    case("ridge: separated", "separated", "y ~ x", "binomial", "logit", ridge = 0.1),
    case("ridge: poisson with offset", "counts", "rate ~ x + g + offset(log(exposure))", "poisson", "log", ridge = 5)))

# Which estimates are infinite, and how the data show it.
separation <- list(
  list(name = "complete: a threshold on x", data = "separated", formula = "y ~ x", family = "binomial", infinite = structure(c("(Intercept)", "x"), many = 1), finite = structure(character(), many = 1)),
  list(name = "quasi-complete: a level with one outcome", data = "quasi", formula = "y ~ x + g", family = "binomial", infinite = structure("g[c]", many = 1), finite = structure(c("(Intercept)", "x", "g[b]"), many = 1)),
  list(name = "quasi-complete: a binary column", data = "endometrial", formula = "HG ~ NV + PI + EH", family = "binomial", infinite = structure("NV", many = 1), finite = structure(c("(Intercept)", "PI", "EH"), many = 1)),
  list(name = "counts: a level without events", data = "zerocounts", formula = "y ~ x + g", family = "poisson", infinite = structure("g[c]", many = 1), finite = structure(c("(Intercept)", "x", "g[b]"), many = 1)),
  list(name = "no separation", data = "birthwt", formula = "low ~ race * smoke + age + lwt + ptd", family = "binomial", infinite = structure(character(), many = 1),
       finite = structure(c("(Intercept)", "race[other]", "race[white]", "smoke[yes]", "age", "lwt", "ptd", "race[other]:smoke[yes]", "race[white]:smoke[yes]"), many = 1)))
