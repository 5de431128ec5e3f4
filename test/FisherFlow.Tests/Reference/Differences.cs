using FisherFlow.Inference;

namespace FisherFlow.Tests.Reference;

/// <summary>Collects where a fit differs from what was expected, so that a failing test tells all of it at once.</summary>
sealed class Differences
{
    readonly List<string> _found = [];

    /// <summary>Nothing may differ.</summary>
    public void AssertNone() => Assert.True(_found.Count == 0, string.Join('\n', _found));

    /// <summary>Both exist and agree relative to the larger of the expected number and <paramref name="floor"/>, or neither exists.</summary>
    public void Compare(string what, double? expected, double? actual, double tolerance, double floor = 0)
    {
        if (expected is null || actual is null)
        {
            if (expected.HasValue != actual.HasValue) { _found.Add($"{what}: {Show(actual)} instead of {Show(expected)}"); }
            return;
        }
        var error = Math.Abs(actual.Value - expected.Value) / Math.Max(Math.Abs(expected.Value), Math.Max(floor, double.Epsilon));
        if (actual != expected && !(error <= tolerance)) { _found.Add($"{what}: {actual:R} instead of {expected:R}, relative error {error:G2} > {tolerance:G2}"); }
    }

    /// <summary>Both texts are the same.</summary>
    public void Same(string what, string? expected, string? actual)
    {
        if (expected != actual) { _found.Add($"{what}: {actual ?? "nothing"} instead of {expected ?? "nothing"}"); }
    }

    /// <summary>Two tables agree line by line.</summary>
    /// <remarks>Estimates relative to themselves, but at least to a tenth of their standard error: an estimate near zero has no relative error.</remarks>
    public void CompareTables(IReadOnlyList<Coefficient> expected, IReadOnlyList<Coefficient> actual, double estimates, double errors)
    {
        Same("terms", string.Join(", ", expected.Select(NameOf)), string.Join(", ", actual.Select(NameOf)));
        var found = actual.ToLookup(NameOf);
        foreach (var one in expected)
        {
            if (found[NameOf(one)].FirstOrDefault() is not { } other) { continue; }
            var name = NameOf(one);
            Same($"{name} status", one.Status.ToString(), other.Status.ToString());
            Compare($"{name} estimate", one.Estimate, other.Estimate, estimates, 0.1 * (one.StandardError ?? 0));
            Compare($"{name} standard error", one.StandardError, other.StandardError, errors);
            Compare($"{name} statistic", one.Statistic, other.Statistic, errors, 0.1);
            // a p-value p ~ exp(-z²/2) turns a relative error e of z into one of z²e
            Compare($"{name} p-value", one.PValue, other.PValue, errors * (1 + (one.Statistic * one.Statistic ?? 0)), double.MinValue);
        }
    }

    static string NameOf(Coefficient c) => c.Outcome is null ? c.Term : $"{c.Outcome} {c.Term}";

    static string Show(double? value) => value is { } number ? $"{number:R}" : "nothing";
}
