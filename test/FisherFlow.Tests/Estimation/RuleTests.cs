using FisherFlow.Estimation;
using FisherFlow.Models;

namespace FisherFlow.Tests.Estimation;

public sealed class RuleTests
{
    [Theory]
    [InlineData("stationary")]
    [InlineData("exponential:1000")]
    [InlineData("exponential:0.5", false)]
    [InlineData("window:250")]
    [InlineData("window:2.5", false)]
    [InlineData("window", false)]
    [InlineData("adaptive")]
    [InlineData("adaptive:3", false)]
    [InlineData("", false)]
    public void A_memory_is_read_as_it_is_written(string text, bool legal = true)
    {
        Assert.Equal(legal, MemoryRule.TryParse(text, out var rule));
        if (legal) { Assert.Equal(text, rule.ToString()); }
    }

    [Theory]
    [InlineData("auto")]
    [InlineData("low-rank:20")]
    [InlineData("low-rank", false)]
    [InlineData("low-rank:0", false)]
    [InlineData("square-root")]
    [InlineData("diagonal:2", false)]
    [InlineData("banded", false)]
    public void A_structure_is_read_as_it_is_written(string text, bool legal = true)
    {
        Assert.Equal(legal, StructureRule.TryParse(text, out var rule));
        if (legal) { Assert.Equal(text, rule.ToString()); }
    }

    [Theory]
    [InlineData("expected")]
    [InlineData("observed")]
    [InlineData("empirical")]
    [InlineData("monte-carlo:4")]
    [InlineData("monte-carlo", false)]
    [InlineData("monte-carlo:0", false)]
    public void An_estimate_is_read_as_it_is_written(string text, bool legal = true)
    {
        Assert.Equal(legal, InformationRule.TryParse(text, out var rule));
        if (legal) { Assert.Equal(text, rule.ToString()); }
    }

    [Theory]
    [InlineData("none")]
    [InlineData("tikhonov:0.001")]
    [InlineData("relative:1E-06")]
    [InlineData("condition:1000000")]
    [InlineData("condition:1", false)]
    [InlineData("tikhonov:-1", false)]
    [InlineData("levenberg:1", false)]
    public void A_damping_is_read_as_it_is_written(string text, bool legal = true)
    {
        Assert.Equal(legal, DampingRule.TryParse(text, out var rule));
        if (legal) { Assert.Equal(text, rule.ToString()); }
    }

    [Fact]
    public void The_default_rules_are_the_usual_things()
    {
        Assert.Equal("stationary", default(MemoryRule).ToString());
        Assert.Equal("auto", default(StructureRule).ToString());
        Assert.Equal("expected", default(InformationRule).ToString());
        Assert.Equal("none", default(DampingRule).ToString());
        Assert.Equal(1, default(MemoryRule).Retention);
        Assert.Equal(0.5, Math.Pow(new MemoryRule(MemoryKind.Exponential, 40).Retention, 40), 1e-14);
    }

    /// <summary>CK-66, and that the condition number is then what was asked for.</summary>
    [Fact]
    public void A_target_condition_number_is_met_exactly()
    {
        var rule = new DampingRule(DampingKind.Condition, 1e6);
        var damping = rule.For(1e8, 1e-4, 1e7);
        Assert.Equal(100.0, damping, 0.001);
        Assert.Equal(1e6, (1e8 + damping) / (1e-4 + damping), 1e-4);
        Assert.Equal(0, rule.For(10, 1, 5));
        Assert.Equal(0.5, new DampingRule(DampingKind.Relative, 0.1).For(0, 0, 5));
    }

    /// <summary>CK-103: the rule's loss is bounded where full pooling's is not; four standard errors of 40,000 squared errors are below 0.06.</summary>
    [Theory]
    [InlineData(0, 0.466)]
    [InlineData(0.5, 0.568)]
    [InlineData(1, 0.825)]
    [InlineData(2, 1.305)]
    [InlineData(3, 1.378)]
    [InlineData(5, 1.147)]
    [InlineData(10, 1.032)]
    public void A_discounted_transfer_never_loses_much(double bias, double expected)
    {
        const int Draws = 40_000;
        var (random, sum) = (new Random(103), 0.0);
        for (var i = 0; i < Draws; i++)
        {
            var (target, source) = (Simulated.Normal(random), bias + 0.5 * Simulated.Normal(random));
            var share = TransferDiscount.Of(target - source, 1, 0.25);
            Assert.InRange(share, double.Epsilon, 1);
            var weight = share / 0.25;
            var pooled = (target + weight * source) / (1 + weight);
            sum += pooled * pooled;
        }
        Assert.Equal(expected, sum / Draws, 0.06);
    }

    /// <summary>The vector rule maximises the likelihood; on independent equal coordinates that is the scalar one for the mean square.</summary>
    [Fact]
    public void The_rule_for_several_coefficients_meets_the_rule_for_one()
    {
        double[] distance = [2, -2, 2], target = [1, 0, 0, 0, 1, 0, 0, 0, 1], source = [0.25, 0, 0, 0, 0.25, 0, 0, 0, 0.25];
        Assert.Equal(TransferDiscount.Of(2, 1, 0.25), TransferDiscount.Of(distance, target, source), 1e-6);
        Assert.Equal(1, TransferDiscount.Of([0.1, 0, 0.1], target, source));
    }
}
