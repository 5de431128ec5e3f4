namespace FisherFlow.Tests.Design;

/// <summary>What model-matrix.R prints (R 4.2): for every formula the names of the columns, then the rows.</summary>
static class ModelMatrixFixture
{
    public const string Data = """
        g,h,x,z,k,flag,date,y
        a,u,1,0.5,2,TRUE,2001-01-01 00:05,1
        b,u,2,1,10,FALSE,2001-01-07 23:59,2
        c,v,3,-2,2,TRUE,2001-02-03 12:00,3
        a,v,4,3,1,TRUE,2001-12-31 07:30,4
        b,u,5,1,10,FALSE,2004-02-29 13:00,5
        c,v,7,1,1.0,FALSE,2001-06-15 18:45,6
        b,v,0.5,2.25,2,TRUE,2001-06-16 06:00,7
        a,u,11,-1,1,FALSE,2001-06-17 01:00,8
        c,u,6,0.25,10,TRUE,2001-06-18 20:15,9

        """;

    public const string FromR = """
        y ~ x
        (Intercept)|x
        1 1
        1 2
        1 3
        1 4
        1 5
        1 7
        1 0.5
        1 11
        1 6
        y ~ g
        (Intercept)|gb|gc
        1 0 0
        1 1 0
        1 0 1
        1 0 0
        1 1 0
        1 0 1
        1 1 0
        1 0 0
        1 0 1
        y ~ g - 1
        ga|gb|gc
        1 0 0
        0 1 0
        0 0 1
        1 0 0
        0 1 0
        0 0 1
        0 1 0
        1 0 0
        0 0 1
        y ~ g + h - 1
        ga|gb|gc|hv
        1 0 0 0
        0 1 0 0
        0 0 1 1
        1 0 0 1
        0 1 0 0
        0 0 1 1
        0 1 0 1
        1 0 0 0
        0 0 1 0
        y ~ h + g + x - 1
        hu|hv|gb|gc|x
        1 0 0 0 1
        1 0 1 0 2
        0 1 0 1 3
        0 1 0 0 4
        1 0 1 0 5
        0 1 0 1 7
        0 1 1 0 0.5
        1 0 0 0 11
        1 0 0 1 6
        y ~ x + g:h
        (Intercept)|x|ga:hu|gb:hu|gc:hu|ga:hv|gb:hv|gc:hv
        1 1 1 0 0 0 0 0
        1 2 0 1 0 0 0 0
        1 3 0 0 0 0 0 1
        1 4 0 0 0 1 0 0
        1 5 0 1 0 0 0 0
        1 7 0 0 0 0 0 1
        1 0.5 0 0 0 0 1 0
        1 11 1 0 0 0 0 0
        1 6 0 0 1 0 0 0
        y ~ g:h - 1
        ga:hu|gb:hu|gc:hu|ga:hv|gb:hv|gc:hv
        1 0 0 0 0 0
        0 1 0 0 0 0
        0 0 0 0 0 1
        0 0 0 1 0 0
        0 1 0 0 0 0
        0 0 0 0 0 1
        0 0 0 0 1 0
        1 0 0 0 0 0
        0 0 1 0 0 0
        y ~ g + g:h
        (Intercept)|gb|gc|ga:hv|gb:hv|gc:hv
        1 0 0 0 0 0
        1 1 0 0 0 0
        1 0 1 0 0 1
        1 0 0 1 0 0
        1 1 0 0 0 0
        1 0 1 0 0 1
        1 1 0 0 1 0
        1 0 0 0 0 0
        1 0 1 0 0 0
        y ~ h + g:h - 1
        hu|hv|hu:gb|hv:gb|hu:gc|hv:gc
        1 0 0 0 0 0
        1 0 1 0 0 0
        0 1 0 0 0 1
        0 1 0 0 0 0
        1 0 1 0 0 0
        0 1 0 0 0 1
        0 1 0 1 0 0
        1 0 0 0 0 0
        1 0 0 0 1 0
        y ~ g * h
        (Intercept)|gb|gc|hv|gb:hv|gc:hv
        1 0 0 0 0 0
        1 1 0 0 0 0
        1 0 1 1 0 1
        1 0 0 1 0 0
        1 1 0 0 0 0
        1 0 1 1 0 1
        1 1 0 1 1 0
        1 0 0 0 0 0
        1 0 1 0 0 0
        y ~ x:g
        (Intercept)|x:ga|x:gb|x:gc
        1 1 0 0
        1 0 2 0
        1 0 0 3
        1 4 0 0
        1 0 5 0
        1 0 0 7
        1 0 0.5 0
        1 11 0 0
        1 0 0 6
        y ~ x:g - 1
        x:ga|x:gb|x:gc
        1 0 0
        0 2 0
        0 0 3
        4 0 0
        0 5 0
        0 0 7
        0 0.5 0
        11 0 0
        0 0 6
        y ~ x * g
        (Intercept)|x|gb|gc|x:gb|x:gc
        1 1 0 0 0 0
        1 2 1 0 2 0
        1 3 0 1 0 3
        1 4 0 0 0 0
        1 5 1 0 5 0
        1 7 0 1 0 7
        1 0.5 1 0 0.5 0
        1 11 0 0 0 0
        1 6 0 1 0 6
        y ~ x + g + x:g
        (Intercept)|x|gb|gc|x:gb|x:gc
        1 1 0 0 0 0
        1 2 1 0 2 0
        1 3 0 1 0 3
        1 4 0 0 0 0
        1 5 1 0 5 0
        1 7 0 1 0 7
        1 0.5 1 0 0.5 0
        1 11 0 0 0 0
        1 6 0 1 0 6
        y ~ x + z + x:z:g + g
        (Intercept)|x|z|gb|gc|x:z:ga|x:z:gb|x:z:gc
        1 1 0.5 0 0 0.5 0 0
        1 2 1 1 0 0 2 0
        1 3 -2 0 1 -0 -0 -6
        1 4 3 0 0 12 0 0
        1 5 1 1 0 0 5 0
        1 7 1 0 1 0 0 7
        1 0.5 2.25 1 0 0 1.125 0
        1 11 -1 0 0 -11 -0 -0
        1 6 0.25 0 1 0 0 1.5
        y ~ C(k) * x
        (Intercept)|C(k)2|C(k)10|x|C(k)2:x|C(k)10:x
        1 1 0 1 1 0
        1 0 1 2 0 2
        1 1 0 3 3 0
        1 0 0 4 0 0
        1 0 1 5 0 5
        1 0 0 7 0 0
        1 1 0 0.5 0.5 0
        1 0 0 11 0 0
        1 0 1 6 0 6
        y ~ C(g, ref = "b") + x
        (Intercept)|C(g, ref = "b")a|C(g, ref = "b")c|x
        1 1 0 1
        1 0 0 2
        1 0 1 3
        1 1 0 4
        1 0 0 5
        1 0 1 7
        1 0 0 0.5
        1 1 0 11
        1 0 1 6
        y ~ C(g, ref = "b"):h + h
        (Intercept)|hv|C(g, ref = "b")a:hu|C(g, ref = "b")c:hu|C(g, ref = "b")a:hv|C(g, ref = "b")c:hv
        1 0 1 0 0 0
        1 0 0 0 0 0
        1 1 0 0 0 1
        1 1 0 0 1 0
        1 0 0 0 0 0
        1 1 0 0 0 1
        1 1 0 0 0 0
        1 0 1 0 0 0
        1 0 0 1 0 0
        y ~ flag + x:flag
        (Intercept)|flagTRUE|flagFALSE:x|flagTRUE:x
        1 1 0 1
        1 0 2 0
        1 1 0 3
        1 1 0 4
        1 0 5 0
        1 0 7 0
        1 1 0 0.5
        1 0 11 0
        1 1 0 6
        y ~ I(x > 2.5) + log(x) + I(z^2) + sqrt(x):z
        (Intercept)|I(x > 2.5)TRUE|log(x)|I(z^2)|sqrt(x):z
        1 0 0 0.25 0.5
        1 0 0.69314718055994529 1 1.4142135623730951
        1 1 1.0986122886681098 4 -3.4641016151377544
        1 1 1.3862943611198906 9 6
        1 1 1.6094379124341003 1 2.2360679774997898
        1 1 1.9459101490553132 1 2.6457513110645907
        1 0 -0.69314718055994529 5.0625 1.5909902576697321
        1 1 2.3978952727983707 1 -3.3166247903553998
        1 1 1.791759469228055 0.0625 0.61237243569579447
        y ~ hour(date) + weekday(date) + month(date)
        (Intercept)|hour(date)|weekday(date)|month(date)
        1 0 1 1
        1 23 7 1
        1 12 6 2
        1 7 1 12
        1 13 7 2
        1 18 5 6
        1 6 6 6
        1 1 7 6
        1 20 1 6
        y ~ C(weekday(date)) + x - 1
        C(weekday(date))1|C(weekday(date))5|C(weekday(date))6|C(weekday(date))7|x
        1 0 0 0 1
        0 0 0 1 2
        0 0 1 0 3
        1 0 0 0 4
        0 0 0 1 5
        0 1 0 0 7
        0 0 1 0 0.5
        0 0 0 1 11
        1 0 0 0 6
        y ~ (g + h + x)^3
        (Intercept)|gb|gc|hv|x|gb:hv|gc:hv|gb:x|gc:x|hv:x|gb:hv:x|gc:hv:x
        1 0 0 0 1 0 0 0 0 0 0 0
        1 1 0 0 2 0 0 2 0 0 0 0
        1 0 1 1 3 0 1 0 3 3 0 3
        1 0 0 1 4 0 0 0 0 4 0 0
        1 1 0 0 5 0 0 5 0 0 0 0
        1 0 1 1 7 0 1 0 7 7 0 7
        1 1 0 1 0.5 1 0 0.5 0 0.5 0.5 0
        1 0 0 0 11 0 0 0 0 0 0 0
        1 0 1 0 6 0 0 0 6 0 0 0
        y ~ 0 + x:z + g:x:h
        x:z|x:ga:hu|x:gb:hu|x:gc:hu|x:ga:hv|x:gb:hv|x:gc:hv
        0.5 1 0 0 0 0 0
        2 0 2 0 0 0 0
        -6 0 0 0 0 0 3
        12 0 0 0 4 0 0
        5 0 5 0 0 0 0
        7 0 0 0 0 0 7
        1.125 0 0 0 0 0.5 0
        -11 11 0 0 0 0 0
        1.5 0 0 6 0 0 0
        y ~ C(1 * (hour(date) > 6)) + C(k, ref = 10)
        (Intercept)|C(1 * (hour(date) > 6))1|C(k, ref = 10)1|C(k, ref = 10)2
        1 0 0 1
        1 1 0 0
        1 1 0 1
        1 1 1 0
        1 1 0 0
        1 1 1 0
        1 0 0 1
        1 0 1 0
        1 1 0 0
        y ~ h:x + g - 1
        ga|gb|gc|hu:x|hv:x
        1 0 0 1 0
        0 1 0 2 0
        0 0 1 0 3
        1 0 0 0 4
        0 1 0 5 0
        0 0 1 0 7
        0 1 0 0 0.5
        1 0 0 11 0
        0 0 1 6 0
        """;
}
