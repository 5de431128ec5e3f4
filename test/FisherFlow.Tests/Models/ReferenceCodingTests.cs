using System.Text;
using FisherFlow.Models;
using Encoding = FisherFlow.Tests.Design.Encoding;

namespace FisherFlow.Tests.Models;

public sealed class ReferenceCodingTests
{
    [Theory]
    [InlineData("y ~ x + a", Family.Gaussian)]
    [InlineData("y ~ a*b", Family.Gaussian)]
    [InlineData("y ~ a*b*c", Family.Gaussian)]
    [InlineData("y ~ b:a + a + b", Family.Gaussian)]
    [InlineData("y ~ x*a + x:b + b", Family.Gaussian)]
    [InlineData("y ~ a:b", Family.Gaussian)]
    [InlineData("y ~ a + b - 1", Family.Gaussian)]
    [InlineData("y ~ a*b - 1", Family.Gaussian)]
    [InlineData("k ~ x + a*b", Family.Multinomial)]
    public void The_linear_predictors_stay_and_the_references_are_zero(string formula, Family family)
    {
        var draws = new Optimisation.Draws(30);
        var text = new StringBuilder("x,a,b,c,y,k\n");
        for (var i = 0; i < 60; i++) { text.Append($"{draws.Normal():F3},a{i % 3},b{i / 3 % 4},c{i % 2},{draws.Normal():F3},k{i % 3}\n"); }
        using var encoding = Encoding.Of(formula, text.ToString(), new() { Family = family });
        var identification = new Identification(encoding.Encoder.Schema, encoding.Model);
        var theta = draws.Normals(encoding.Model.Dimension(identification.Shape));

        var free = ReferenceCoding.Apply(encoding.Encoder.Schema, encoding.Model, identification, theta);

        var coded = new double[theta.Length];
        foreach (var (parameter, value) in identification.Free.Zip(free)) { coded[parameter.Index] = value; }
        var (before, after) = (new PointPredictor(encoding.Model, identification.Shape, theta), new PointPredictor(encoding.Model, identification.Shape, coded));
        double[] mean = new double[before.Means], same = new double[before.Means];
        for (var row = 0; row < encoding.Block.Count; row++)
        {
            before.Predict(encoding.Block, row, mean);
            after.Predict(encoding.Block, row, same);
            Optimisation.Draws.Close(mean, same, 1e-12);
        }
    }

    [Fact]
    public void Cut_points_take_up_what_a_reference_level_leaves()
    {
        var text = new StringBuilder("x,a,k\n");
        for (var i = 0; i < 30; i++) { text.Append($"{i % 7},a{i % 3},k{i % 4}\n"); }
        using var encoding = Encoding.Of("k ~ x + a", text.ToString(), new() { Family = Family.Ordinal, OutcomeLevels = ["k0", "k1", "k2", "k3"] });
        var identification = new Identification(encoding.Encoder.Schema, encoding.Model);
        var theta = new double[encoding.Model.Dimension(identification.Shape)];
        for (var i = 0; i < theta.Length; i++) { theta[i] = 0.3 * i; }
        var free = ReferenceCoding.Apply(encoding.Encoder.Schema, encoding.Model, identification, theta);
        var coded = new double[theta.Length];
        foreach (var (parameter, value) in identification.Free.Zip(free)) { coded[parameter.Index] = value; }
        var (before, after) = (new PointPredictor(encoding.Model, identification.Shape, theta), new PointPredictor(encoding.Model, identification.Shape, coded));
        double[] mean = new double[4], same = new double[4];
        for (var row = 0; row < encoding.Block.Count; row++)
        {
            before.Predict(encoding.Block, row, mean);
            after.Predict(encoding.Block, row, same);
            Optimisation.Draws.Close(mean, same, 1e-13);
        }
    }
}
