using FisherFlow.Models;

namespace FisherFlow.Tests.Models;

public sealed class ModelNamesTests
{
    [Fact]
    public void Every_family_and_link_has_a_name_that_reads_back_and_a_model()
    {
        foreach (var family in Enum.GetValues<Family>())
        {
            Assert.Equal(family, ModelNames.ParseFamily(ModelNames.Name(family).ToUpperInvariant()));
            foreach (var link in ModelNames.Links(family))
            {
                Assert.Equal(link, ModelNames.ParseLink(ModelNames.Name(link), family));
                Assert.NotNull(ModelFactory.Create(new() { Family = family, Link = link }));
            }
            Assert.Equal(Link.Default, ModelNames.ParseLink("default", family));
            Assert.Equal(ModelNames.Links(family)[0], ModelNames.Resolve(new() { Family = family }));
        }
    }

    [Fact]
    public void An_unknown_name_is_answered_with_the_legal_ones()
    {
        Assert.Contains("gaussian, binomial, poisson, gamma, inverse-gaussian", Assert.Throws<ArgumentException>(() => ModelNames.ParseFamily("normal")).Message, StringComparison.Ordinal);
        Assert.Contains("logit, probit, cloglog, cauchit, log", Assert.Throws<ArgumentException>(() => ModelNames.ParseLink("identity", Family.Binomial)).Message, StringComparison.Ordinal);
        var illegal = Assert.Throws<ArgumentException>(() => ModelFactory.Create(new() { Family = Family.InverseGaussian, Link = Link.Sqrt }));
        Assert.Contains("1/mu^2, log, inverse", illegal.Message, StringComparison.Ordinal);
    }

    [Theory, InlineData(1), InlineData(2), InlineData(0.5), InlineData(7), InlineData(double.NaN)]
    public void A_tweedie_power_out_of_range_is_refused(double power) =>
        Assert.Contains("between 1 and 2", Assert.Throws<ArgumentException>(() => ModelFactory.Create(new() { Family = Family.Tweedie, Power = power })).Message, StringComparison.Ordinal);

    [Theory, InlineData(Family.NegativeBinomial), InlineData(Family.Multinomial), InlineData(Family.Ordinal)]
    public void A_family_without_dispersion_refuses_to_estimate_one(Family family) =>
        Assert.Contains("no dispersion", Assert.Throws<ArgumentException>(() => ModelFactory.Create(new() { Family = family, EstimateDispersion = true })).Message, StringComparison.Ordinal);
}
