# Prints R's model matrices of a small data set: the expected text of ModelMatrixFixture.
# Rscript model-matrix.R
d <- read.csv(text = "g,h,x,z,k,flag,date
a,u,1,0.5,2,TRUE,2001-01-01 00:05
b,u,2,1,10,FALSE,2001-01-07 23:59
c,v,3,-2,2,TRUE,2001-02-03 12:00
a,v,4,3,1,TRUE,2001-12-31 07:30
b,u,5,1,10,FALSE,2004-02-29 13:00
c,v,7,1,1,FALSE,2001-06-15 18:45
b,v,0.5,2.25,2,TRUE,2001-06-16 06:00
a,u,11,-1,1,FALSE,2001-06-17 01:00
c,u,6,0.25,10,TRUE,2001-06-18 20:15", stringsAsFactors = TRUE)
C <- function(x, ref) if (missing(ref)) factor(x) else relevel(factor(x), as.character(ref))
hour <- function(t) as.POSIXlt(t, tz = "UTC")$hour
weekday <- function(t) (as.POSIXlt(t, tz = "UTC")$wday + 6) %% 7 + 1
month <- function(t) as.POSIXlt(t, tz = "UTC")$mon + 1
formulas <- c(
  "~ x", "~ g", "~ g - 1", "~ g + h - 1", "~ h + g + x - 1", "~ x + g:h", "~ g:h - 1", "~ g + g:h", "~ h + g:h - 1", "~ g * h", "~ x:g", "~ x:g - 1",
  "~ x * g", "~ x + g + x:g", "~ x + z + x:z:g + g", "~ C(k) * x", "~ C(g, ref = \"b\") + x", "~ C(g, ref = \"b\"):h + h", "~ flag + x:flag",
  "~ I(x > 2.5) + log(x) + I(z^2) + sqrt(x):z", "~ hour(date) + weekday(date) + month(date)", "~ C(weekday(date)) + x - 1", "~ (g + h + x)^3", "~ 0 + x:z + g:x:h",
  "~ C(1 * (hour(date) > 6)) + C(k, ref = 10)", "~ h:x + g - 1")
for (f in formulas) {
  m <- model.matrix(as.formula(f), d)
  cat("y", f, "\n", sep = " ")
  cat(paste(colnames(m), collapse = "|"), "\n", sep = "")
  for (i in seq_len(nrow(m))) cat(paste(sprintf("%.17g", m[i, ]), collapse = " "), "\n", sep = "")
}
