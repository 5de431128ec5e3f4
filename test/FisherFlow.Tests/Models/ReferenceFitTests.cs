using FisherFlow.Models;

namespace FisherFlow.Tests.Models;

/// <summary>Every family and link, with and without weights and offset, against R.</summary>
public sealed class ReferenceFitTests
{
    public static TheoryData<string> Names => [.. ModelReference.Fits.Select(fit => fit.Name)];

    [Theory, MemberData(nameof(Names))]
    public void Estimates_errors_deviances_and_likelihoods_are_those_of_R(string name)
    {
        var expected = ModelReference.Fits.Single(fit => fit.Name == name);
        var (model, block, free, order) = Setup(expected);
        var fit = DenseFit.Run(model, block, free);

        // R stops on the deviance, which is flat to half the digits of the estimates where scoring converges linearly (cauchit, identity);
        // multinom stops when BFGS finds no descent
        var tolerance = expected.Family == "multinomial" ? 2e-6 : 1e-7;
        for (var j = 0; j < order.Length; j++)
        {
            Assert.Equal(expected.Estimates[j], fit.Theta[order[j]], tolerance * (1 + Math.Abs(expected.Estimates[j])));
            Assert.Equal(expected.StandardErrors[j], fit.StandardError(order[j]), 50 * tolerance * expected.StandardErrors[j]);
        }
        Assert.Equal(expected.Deviance, fit.Sums.Deviance, 1e-9 * expected.Deviance);
        var sums = fit.Responses;
        if (model.HasAuxiliary) { (sums.Saturated, sums.Carrier) = (fit.Sums.Saturated, fit.Sums.Carrier); }
        var nullDeviance = model.NullDeviance(sums, hasIntercept: true, fit.Auxiliary);
        if (expected.Offset) { Assert.True(nullDeviance is null || expected.Family == "multinomial"); }
        else { Assert.Equal(expected.NullDeviance, nullDeviance!.Value, 1e-8 * expected.NullDeviance); }
        CheckLikelihood(expected, model.LogLikelihood(sums, fit.Sums.Deviance, fit.Auxiliary));
        if (model.HasAuxiliary)
        {
            var theta = Math.Exp(fit.Auxiliary);
            Assert.Equal(expected.Theta, theta, 1e-7 * theta);
            Assert.Equal(expected.ThetaError, theta / Math.Sqrt(fit.Sums.AuxiliaryInformation), 1e-6 * expected.ThetaError);
        }
    }

    static void CheckLikelihood(ReferenceFit expected, double? actual)
    {
        if (double.IsNaN(expected.LogLikelihood)) { Assert.Null(actual); }
        else if (expected.Response == "binary" && expected.Weighted)
        {
            Assert.NotNull(actual);   // R rounds the fractional weights to whole trials first; here they stay as they are
        }
        else { Assert.Equal(expected.LogLikelihood, actual!.Value, 1e-9 * Math.Abs(expected.LogLikelihood)); }
    }

    static (IModel Model, Block Block, bool[]? Free, int[] Order) Setup(ReferenceFit expected)
    {
        var family = ModelNames.ParseFamily(expected.Family);
        var model = ModelFactory.Create(new() { Family = family, Link = ModelNames.ParseLink(expected.Link, family) });
        var (x, y) = (ModelReference.Column("x"), ModelReference.Column(expected.Response));
        var weight = expected.Weighted ? ModelReference.Column("w") : null;
        var offset = expected.Offset ? ModelReference.Column("o") : null;
        var trials = expected.Response == "successes" ? ModelReference.Column("m") : null;
        if (trials is not null) { y = [.. y.Zip(trials, (successes, m) => successes / m)]; }
        var rows = x.Select(value => family == Family.Ordinal ? new[] { value } : [1, value]).ToArray();
        var outcomes = family switch { Family.Ordinal => 4, Family.Multinomial => 3, _ => 1 };
        var block = SmallBlock.Dense(rows, y, weight, offset, trials, outcomes);
        return family switch
        {
            Family.Ordinal => (model, block, null, [1, 2, 3, 0]),
            Family.Multinomial => (model, block, [false, false, true, true, true, true], [2, 3, 4, 5]),   // the first outcome is the reference
            _ => (model, block, null, [0, 1]),
        };
    }
}
