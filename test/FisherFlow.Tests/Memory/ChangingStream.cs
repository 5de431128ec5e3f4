using System.Globalization;
using System.Text;
using FisherFlow.Data;
using FisherFlow.Data.Sources;
using FisherFlow.Memory;
using FisherFlow.Models;

namespace FisherFlow.Tests.Memory;

/// <summary>A stream <c>y,x,z,g</c> in which the coefficient of x may change at a row.</summary>
static class ChangingStream
{
    /// <summary>Rows as CSV; x has coefficient 0.5 before <paramref name="change"/> and 1 from there on.</summary>
    public static string Draw(Family family, int rows, int change, int seed)
    {
        var (normals, text) = (new Normals(seed), new StringBuilder("y,x,z,g\n"));
        for (var row = 1; row <= rows; row++)
        {
            var (x, z, g) = (normals.Next(), 2 + normals.Next(), (int)(3 * normals.Uniform()));
            var eta = -0.4 + (row < change ? 0.5 : 1) * x - 0.2 * z + 0.3 * (g - 1);
            var y = family switch
            {
                Family.Binomial => normals.Uniform() < 1 / (1 + Math.Exp(-eta)) ? 1 : 0,
                Family.Poisson => Poisson(normals, Math.Exp(eta)),
                _ => eta + 2 * normals.Next(),
            };
            text.Append(CultureInfo.InvariantCulture, $"{y:R},{x:R},{z:R},{"abc"[g]}\n");
        }
        return text.ToString();
    }

    public static Regression Fit(string text, Family family, string detect, RegressionOptions? options = null)
    {
        using var input = new MemoryStream(Encoding.UTF8.GetBytes(text));
        return Regression.Fit(DataSource.FromStandardInput(input), "y ~ x + z + g", (options ?? new()) with { Model = new() { Family = family }, Detect = DetectorChoice.Parse(detect)! });
    }

    static int Poisson(Normals normals, double mean)
    {
        var (count, left, product) = (-1, Math.Exp(-mean), 1.0);
        for (; product > left; count++) { product *= normals.Uniform(); }
        return count;
    }
}
