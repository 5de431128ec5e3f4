using System.Text.Json;
using FisherFlow.Data;
using FisherFlow.Data.Sources;
using FisherFlow.Estimation;
using FisherFlow.Inference;
using FisherFlow.Models;

namespace FisherFlow.Tests.Gallery;

/// <summary>Mixtures against R: EM written out and run to convergence, standard errors from the numerical Hessian (Reference/mixtures.R).</summary>
public sealed class MixtureReferenceTests
{
    static readonly JsonElement[] _cases = [.. JsonDocument.Parse(File.ReadAllText(GalleryReference.PathOf("mixtures.json"))).RootElement.GetProperty("cases").EnumerateArray()];

    public static TheoryData<string> Names => new(_cases.Select(c => c.GetProperty("name").GetString()!));

    /// <summary>EM stops where the log-likelihood rises by less than 10⁻¹³ of it, which leaves 10⁻⁶ of a standard error at these rates of convergence; Richardson's Hessian has eight digits.</summary>
    [Theory, MemberData(nameof(Names))]
    public void Rows_in_memory_have_the_estimates_and_errors_of_converged_em(string name) => Compare(name, Fit(name, new()));

    /// <summary>The buffer holds a third of the rows: online EM goes on from there, and rereads end where EM ends.</summary>
    [Theory, MemberData(nameof(Names))]
    public void Exact_passes_end_where_em_ends(string name)
    {
        var fit = Fit(name, new() { Estimator = new() { BufferRows = 100, Seed = 2 }, Exact = true });
        Assert.Equal("exact", fit.Method);
        Assert.InRange(fit.Passes, 2, 60);
        Compare(name, fit);
    }

    static FitResult Fit(string name, RegressionOptions options)
    {
        var answer = Array.Find(_cases, c => c.GetProperty("name").GetString() == name);
        var source = DataSource.From([GalleryReference.PathOf($"data/{answer.GetProperty("data").GetString()}.csv")]);
        return Regression.Fit(source, answer.GetProperty("formula").GetString()!, options with
        {
            Model = new() { Family = Family.Distributional, Distribution = $"gaussian-mixture({answer.GetProperty("components").GetInt32()})" },
            WeightsColumn = answer.GetProperty("weights").GetString(),
            OffsetColumn = answer.GetProperty("offset").GetString(),
        }, cancel: TestContext.Current.CancellationToken).Report();
    }

    static void Compare(string name, FitResult fit)
    {
        var answer = Array.Find(_cases, c => c.GetProperty("name").GetString() == name);
        double[] Numbers(string field) => [.. answer.GetProperty(field).EnumerateArray().Select(x => x.GetDouble())];
        var means = fit.Coefficients.Where(c => c.Parameter!.StartsWith("mean", StringComparison.Ordinal)).ToList();
        var terms = answer.GetProperty("terms").EnumerateArray().Select(x => x.GetString()).ToList();
        Assert.Equal(Enumerable.Repeat(terms, answer.GetProperty("components").GetInt32()).SelectMany(x => x), means.Select(c => c.Term));
        Same(Numbers("coefficients"), Numbers("std_errors"), means.Select(c => (c.Estimate, c.StandardError)));
        Same(Numbers("sigma"), Numbers("sigma_std_errors"), fit.Parameters.Where(p => p.Link == "log").Select(p => (p.Estimate, p.StandardError)));
        Same(Numbers("weight"), Numbers("weight_std_errors"), fit.Parameters.Where(p => p.Link == "logit").Select(p => (p.Estimate, p.StandardError)));
        var likelihood = answer.GetProperty("log_likelihood").GetDouble();
        Assert.Equal(likelihood, fit.LogLikelihood!.Value, 1e-9 * Math.Abs(likelihood));
        Assert.True(fit.Converged);
        Assert.Null(fit.Mixture!.Refusal);
        Assert.Equal(fit.Mixture.Size, fit.Mixture.Rank);
    }

    static void Same(double[] estimates, double[] errors, IEnumerable<(double? Estimate, double? Error)> fitted)
    {
        var found = fitted.ToList();
        Assert.Equal(estimates.Length, found.Count);
        for (var i = 0; i < estimates.Length; i++)
        {
            Assert.Equal(estimates[i], found[i].Estimate!.Value, 1e-5 * errors[i]);
            Assert.Equal(1, found[i].Error!.Value / errors[i], 1e-5);
        }
    }
}
