using System.CommandLine;
using FisherFlow.Cli.Terminal;
using FisherFlow.Models;
using FisherFlow.Models.Distributions;

namespace FisherFlow.Cli.Options;

/// <summary>Where the dispersion comes from.</summary>
enum Dispersion
{
    /// <summary>The family knows it, or estimates it by its nature.</summary>
    Family,
    /// <summary>Pearson's χ² by its degrees of freedom.</summary>
    Estimate,
}

/// <summary>Options that say what is fitted.</summary>
static class ModelOptions
{
    public static readonly Option<ModelSpecification?> Family = FamilyOption();

    public static readonly Option<string[]> Parameters = new("--parameter")
    {
        Description = "Formula of a further parameter of the distribution, such as \"scale ~ x + g\"; may be given again for another (default: the same for every row)",
        HelpName = "FORMULA",
        Arity = ArgumentArity.OneOrMore,
        AllowMultipleArgumentsPerToken = false,
    };

    public static readonly Option<long?> Components = new("--components")
    {
        Description = $"A mixture of so many gaussian regressions, 2 to {NormalMixture.MostComponents}, each with coefficients, a sigma and a weight of its own",
        HelpName = "K",
        CustomParser = result =>
        {
            if (long.TryParse(result.Tokens[^1].Value, out var value) && value is >= 2 and <= NormalMixture.MostComponents) { return value; }
            result.AddError($"--components cannot be '{result.Tokens[^1].Value}'; it is a whole number from 2 to {NormalMixture.MostComponents}");
            return null;
        },
    };

    /// <summary>The family asked for, or the mixture of it.</summary>
    public static ModelSpecification FamilyOf(ParseResult result)
    {
        var family = result.GetValue(Family) ?? new();
        if (result.GetValue(Components) is not { } components) { return family; }
        if (family.Family != Models.Family.Gaussian) { throw new UsageException($"--components mixes gaussian regressions, and --family is {ModelNames.Name(family)}: leave one of them out"); }
        return new() { Family = Models.Family.Distributional, Distribution = $"gaussian-mixture({components})" };
    }

    public static readonly Option<Link> Link = Choice.Word("--link", "LINK",
        "Link from mean to linear predictor: identity, log, inverse, 1/mu^2, sqrt, logit, probit, cloglog or cauchit (default: the family's own, as in R)",
        ("default", Models.Link.Default), ("identity", Models.Link.Identity), ("log", Models.Link.Log), ("inverse", Models.Link.Inverse), ("1/mu^2", Models.Link.InverseSquare),
        ("sqrt", Models.Link.Sqrt), ("logit", Models.Link.Logit), ("probit", Models.Link.Probit), ("cloglog", Models.Link.ComplementaryLogLog), ("cauchit", Models.Link.Cauchit));

    public static readonly Option<double?> Power = Choice.Number("--power", "P", "Variance power of the Tweedie family: 1 < P < 2 with exact zeros, or P > 2",
        p => p is > 1 and not 2, "a number between 1 and 2 or beyond 2 (2 itself is the gamma family)");

    public static readonly Option<Dispersion> Dispersion = Choice.Word("--dispersion", "family|estimate",
        "Dispersion of binomial and poisson: 1 as the family has it (default), or estimated (the quasi families)", ("family", Options.Dispersion.Family), ("estimate", Options.Dispersion.Estimate));

    public static readonly Option<string?> Weights = Choice.Text("--weights", "COLUMN", "Column of prior weights");

    public static readonly Option<string?> Offset = Choice.Text("--offset", "COLUMN", "Column added to the linear predictor with coefficient 1");

    public static readonly Option<string[]> Levels = new("--levels")
    {
        Description = "Outcomes of an ordinal or multinomial response, in order",
        HelpName = "A,B,C",
        CustomParser = result =>
        {
            var levels = result.Tokens[^1].Value.Split(',', StringSplitOptions.TrimEntries);
            if (levels.Length < 2 || levels.Distinct(StringComparer.Ordinal).Count() < levels.Length || levels.Contains(""))
            {
                result.AddError($"--levels cannot be '{result.Tokens[^1].Value}'; it is two or more different names with commas between them, such as low,medium,high");
            }
            return levels;
        },
    };

    /// <summary>All of them, in the order in which help shows them.</summary>
    public static IEnumerable<Option> All => [Family, Components, Parameters, Link, Power, Dispersion, Weights, Offset, Levels];

    static Option<ModelSpecification?> FamilyOption()
    {
        var option = new Option<ModelSpecification?>("--family")
        {
            Description = "Distribution of the response: gaussian (default), binomial, poisson, gamma, inverse-gaussian, negative-binomial, tweedie, multinomial or ordinal; "
                + $"or one whose parameters all have formulas: {string.Join(", ", DistributionCatalog.Names)}",
            HelpName = "FAMILY",
            CustomParser = result =>
            {
                try
                {
                    return ModelNames.Parse(result.Tokens[^1].Value);
                }
                catch (ArgumentException wrong)
                {
                    result.AddError($"--family cannot be '{result.Tokens[^1].Value}'; {Legal(wrong.Message)}");
                    return null;
                }
            },
        };
        return option.Completing([.. ModelNames.Families]);

        static string Legal(string message)
        {
            var from = message.IndexOf("legal is", StringComparison.Ordinal);
            return from < 0 ? $"it is one of: {string.Join(", ", ModelNames.Families)}" : message[from..message.IndexOf(" (Parameter", StringComparison.Ordinal)];
        }
    }
}
