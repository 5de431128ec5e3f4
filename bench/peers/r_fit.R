# R: Rscript r_fit.R JOB FILE glm|speedglm|bigglm. Writes one line of JSON as the Python peers do.
arguments <- commandArgs(TRUE)
job <- arguments[1]; path <- arguments[2]; kind <- arguments[3]
d <- read.csv(path, stringsAsFactors = job == "flights")
if (job == "flights") { d <- data.frame(y = as.integer(d$delay > 15), distance = d$distance / 1000, origin = d$origin, destination = d$destination) }
form <- if (job == "flights") y ~ distance + origin + destination else as.formula(paste("y ~", paste(setdiff(names(d), "y"), collapse = " + ")))
family <- if (job == "gaussian") gaussian() else binomial()
begun <- proc.time()
fit <- switch(kind,
  glm = glm(form, family, d),
  speedglm = if (job == "gaussian") speedglm::speedlm(form, d) else speedglm::speedglm(form, d, family),
  bigglm = if (job == "gaussian") biglm::biglm(form, d) else biglm::bigglm(form, d, family, chunksize = 50000, maxit = 20))
table <- switch(kind, glm = summary(fit)$coefficients[, 1:2], speedglm = as.matrix(sapply(summary(fit)$coefficients[, 1:2], function(v) as.numeric(as.character(v)))), bigglm = summary(fit)$mat[, c(1, 4)])
spent <- proc.time() - begun
terms <- names(coef(fit))
estimates <- unname(table[, 1]); errors <- unname(table[, 2])
if (kind == "speedglm") estimates <- unname(coef(fit))                                   # its table prints three digits
if (job == "flights") { terms <- sub("^(origin|destination)(.*)$", "\\1[\\2]", terms); estimates[2] <- estimates[2] / 1000; errors[2] <- errors[2] / 1000 }
number <- function(v) paste0("[", paste(ifelse(is.finite(v), sprintf("%.17g", v), "null"), collapse = ","), "]")
cat(sprintf("{\"rows\":%d,\"fit_seconds\":%.3f,\"fit_cpu\":%.3f,\"terms\":[%s],\"estimates\":%s,\"std_errors\":%s,\"note\":\"\"}\n",
  nrow(d), spent[["elapsed"]], spent[["user.self"]] + spent[["sys.self"]], paste0("\"", terms, "\"", collapse = ","), number(estimates), number(errors)))
