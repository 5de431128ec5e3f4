using FisherFlow.Data;
using FisherFlow.Data.Sources;
using FisherFlow.Inference;
using FisherFlow.Models;
using FisherFlow.Models.Distributions;
using FisherFlow.Tests.Reference;

namespace FisherFlow.Tests.Gallery;

/// <summary>Every distribution fitted from a file by its name, against R's answers.</summary>
public sealed class GalleryFitTests
{
    /// <summary>Bradley and Terry's have tests of their own.</summary>
    public static TheoryData<string> Names => [.. GalleryReference.All.Where(c => c.Family != "binomial").Select(c => c.Name)];

    [Theory, MemberData(nameof(Names))]
    public void Estimates_errors_and_likelihood_are_those_of_R(string name)
    {
        var reference = GalleryReference.Of(name);
        var fit = reference.Fit();
        var differences = new Differences();
        // where the expected information has a closed form it is what errors come from, but with heavy tails; R's packages all invert the observed one
        var kind = fit.Model is DistributionalModel { IsObserved: true } ? "observed" : "expected";
        reference.Compare(fit.Report(), differences, kind, c => c.Outcome ?? "");
        differences.AssertNone();
    }
}
