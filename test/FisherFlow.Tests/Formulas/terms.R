# Prints, for every formula, R's term labels and intercept: the expected lists of TermExpansionTests.
# Rscript terms.R
formulas <- c(
  "y ~ x", "y ~ 1", "y ~ a + b:a", "y ~ b:a + a", "y ~ a * b + x", "y ~ (a + b + c)^2", "y ~ (a + b + c)^3",
  "y ~ a - b + c:b", "y ~ a * b * c - a:b", "y ~ (a + b):c", "y ~ (a + b):(c + d)", "y ~ (a + b) * (c + d)",
  "y ~ x * (a + b)", "y ~ a:a + a * a", "y ~ (a * b)^2", "y ~ (a + b - 1)", "y ~ -1 + x", "y ~ 0 + x", "y ~ x + 0 + 1",
  "y ~ x - 1", "y ~ x - 0", "y ~ a - (b - 1)", "y ~ (a - b)^2", "y ~ a*b*c*d - a:b:c:d - b", "y ~ c:b:a + b:a + a + c",
  "y ~ log(x + 1) + I(x^2 / z) + I((a+b)*c)", "y ~ x + (d > 15)", "y ~ x + (d > 15):z", "y ~ `my var` + `a b`:z",
  "y ~ I(-x) + I(!x & z | q) + I(x != 3)", "y ~ I(x * -2) + I(1e-3 * x) + I(100000 * x) + I(0.1 + x) + I(123456 * x) + I(1e-5*x)",
  "y ~ I(x == \"a'b\")", "y ~ x + offset(log(e)) + z", "y ~ sqrt(x):log(z) + exp(-x)", "y ~ a:b - b:a + x", "y ~ (a:b):c + a",
  "y ~ x + x", "y ~ (x + z)", "y ~ a + b - a", "y ~ I(x^2^-1) + I(-x^2) + I(a - (b - c))", "y ~ a + (b + c:d)^2 - c:d")
for (f in formulas) {
  t <- terms(as.formula(f))
  cat(f, "=>", paste(attr(t, "term.labels"), collapse = " | "), "=>", attr(t, "intercept"), "\n")
}
