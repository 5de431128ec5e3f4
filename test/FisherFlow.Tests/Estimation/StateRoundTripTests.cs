using FisherFlow.Estimation;
using FisherFlow.Models;
using FisherFlow.Snapshots;

namespace FisherFlow.Tests.Estimation;

/// <summary>A stream that is stopped, written down, read back and gone on with is the stream that was never stopped, to the bit.</summary>
public sealed class StateRoundTripTests
{
    const int Rows = 3000;

    sealed record Case(string Name, ModelSpecification Model, EstimatorOptions Options, bool Levels = false, int Outcomes = 1, bool Offset = false);

    static readonly Case[] _cases =
    [
        new("gaussian, square root", new(), new() { Structure = Structure.SquareRoot }),
        new("gaussian, full, levels", new(), new() { Structure = Structure.Full }, Levels: true),
        new("gaussian, rows' score products", new(), new() { Sandwich = Sandwich.Rows }),
        new("logistic, square root", new() { Family = Family.Binomial }, new() { Structure = Structure.SquareRoot }),
        new("logistic, square root, levels", new() { Family = Family.Binomial }, new() { Structure = Structure.SquareRoot }, Levels: true),
        new("logistic, full, levels, clusters", new() { Family = Family.Binomial }, new() { Sandwich = Sandwich.Clusters }, Levels: true),
        new("logistic, ridge, two lanes", new() { Family = Family.Binomial }, new() { Ridge = 2, Threads = 2 }, Levels: true),
        new("logistic, nothing folded", new() { Family = Family.Binomial }, new() { BufferRows = 10 * Rows }, Levels: true),
        new("poisson, offset", new() { Family = Family.Poisson }, new(), Levels: true, Offset: true),
        new("gamma, offset, rows' score products", new() { Family = Family.Gamma, Link = Link.Log }, new() { Sandwich = Sandwich.Rows }, Offset: true),
        new("inverse gaussian", new() { Family = Family.InverseGaussian, Link = Link.Log }, new()),
        new("tweedie", new() { Family = Family.Tweedie, Link = Link.Log }, new(), Levels: true),
        new("negative binomial", new() { Family = Family.NegativeBinomial }, new(), Levels: true),
        new("negative binomial, offset, clusters", new() { Family = Family.NegativeBinomial }, new() { Sandwich = Sandwich.Clusters }, Offset: true),
        new("multinomial, levels, clusters", new() { Family = Family.Multinomial }, new() { Sandwich = Sandwich.Clusters }, Levels: true, Outcomes: 3),
        new("ordinal, levels, rows' score products", new() { Family = Family.Ordinal }, new() { Sandwich = Sandwich.Rows }, Levels: true, Outcomes: 3),
        new("ordinal, offset", new() { Family = Family.Ordinal }, new(), Outcomes: 3, Offset: true),
    ];

    public static TheoryData<string> Names => [.. _cases.Select(c => c.Name)];

    [Theory, MemberData(nameof(Names))]
    public void Stopped_saved_loaded_and_continued_is_the_uninterrupted_stream_to_the_bit(string name)
    {
        var (data, model, options) = Setting(name);
        var whole = data.Estimator(model, options);
        data.Feed(whole, 100, 0, Rows);
        foreach (var stop in (int[])[100, 1500, 2900])
        {
            var first = data.Estimator(model, options);
            data.Feed(first, 100, 0, stop);
            var saved = Bytes(first);
            var second = Load(saved, data, model, options);
            Assert.Equal(saved, Bytes(second));
            data.Feed(second, 100, stop, Rows - stop);

            Assert.Equal(Bytes(whole), Bytes(second));
            var (a, b) = (data.Solve(whole), data.Solve(second));
            Assert.Equal(a.Theta, b.Theta);
            Assert.Equal(a.Factor.Upper.ToArray(), b.Factor.Upper.ToArray());
            Assert.Equal((a.Deviance, a.Pearson, a.NullDeviance, a.Auxiliary, a.ScoreGauge, a.DistanceBound, a.Iterations), (b.Deviance, b.Pearson, b.NullDeviance, b.Auxiliary, b.ScoreGauge, b.DistanceBound, b.Iterations));
            Assert.Equal(a.Meat?.Upper.ToArray(), b.Meat?.Upper.ToArray());
        }
    }

    [Theory, MemberData(nameof(Names))]
    public void Asking_does_not_change_the_state(string name)
    {
        var (data, model, options) = Setting(name);
        var estimator = data.Estimator(model, options);
        data.Feed(estimator, 100, 0, 1500);
        var before = Bytes(estimator);
        var first = data.Solve(estimator);
        estimator.Preview(out _);
        Assert.Equal(first.Theta, data.Solve(estimator).Theta);
        Assert.Equal(before, Bytes(estimator));
    }

    [Fact]
    public void A_state_cut_short_anywhere_is_refused()
    {
        var (data, model, options) = Setting("logistic, full, levels, clusters");
        var estimator = data.Estimator(model, options);
        data.Feed(estimator, 100, 0, 1500);
        var bytes = Bytes(estimator);
        for (var length = 0; length < bytes.Length; length += 1 + bytes.Length / 97)
        {
            Assert.ThrowsAny<InvalidDataException>(() => Load(bytes[..length], data, model, options));
        }
    }

    static (Simulated Data, IModel Model, EstimatorOptions Options) Setting(string name)
    {
        var one = _cases.Single(c => c.Name == name);
        var isOrdinal = one.Model.Family == Family.Ordinal;
        var gamma = one.Levels ? Enumerable.Range(0, 12).Select(i => 0.3 * Math.Sin(i)).ToArray() : [];
        var data = Simulated.Draw(5, Rows, [0.2, 0.4, -0.3], gamma, Response(one), outcomes: one.Outcomes, isOrdinal: isOrdinal, hasOffset: one.Offset);
        return (data, ModelFactory.Create(one.Model), one.Options.BufferRows > 0 ? one.Options : one.Options with { BufferRows = 300 });
    }

    static Func<Random, double, double> Response(Case one) => one.Model.Family switch
    {
        Family.Binomial => Simulated.Bernoulli,
        Family.Poisson or Family.Tweedie => Simulated.Poisson,
        Family.NegativeBinomial => (random, eta) => Simulated.Poisson(random, eta + Math.Log(-Math.Log(1 - random.NextDouble()))),
        Family.Gamma or Family.InverseGaussian => (random, eta) => Math.Exp(eta) * (0.5 + random.NextDouble()),
        Family.Multinomial or Family.Ordinal => (random, eta) => Math.Clamp(Math.Floor(1.5 + 0.5 * eta + Simulated.Normal(random)), 0, 2),
        _ => (random, eta) => eta + Simulated.Normal(random),
    };

    static byte[] Bytes(Estimator estimator)
    {
        var writer = new StateWriter();
        estimator.Save(writer);
        return writer.Written.ToArray();
    }

    static Estimator Load(byte[] bytes, Simulated data, IModel model, EstimatorOptions options) =>
        Estimator.Load(new(bytes), model, data.Schema, options, data.Layout, data.HasOffset);
}
