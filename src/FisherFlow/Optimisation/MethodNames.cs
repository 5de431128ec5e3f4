using System.Globalization;
using FisherFlow.Estimation;
using FisherFlow.Information;

namespace FisherFlow.Optimisation;

/// <summary>Methods and steps by the names that the command line and states use.</summary>
public static class MethodNames
{
    static readonly DampingRule _gentle = new(DampingKind.Relative, 1e-2);

    // What a metric gathered from few rows makes of a score can be far too long; a twentieth of a nat a row is a large step.
    const double TrustedDivergence = 0.05;

    const double LongAverage = 0.999;

    static readonly (string Name, string Rate, string Meaning, Func<Schedule, Method> Create)[] _presets =
    [
        ("sgd", "0.05", "stochastic gradient", Presets.Sgd),
        ("momentum", "0.01", "stochastic gradient with a heavy ball", rate => Presets.MomentumSgd(rate)),
        ("rmsprop", "0.01", "divided by the root of a running square", rate => Presets.RmsProp(rate)),
        ("adagrad", "0.1", "divided by the root of the sum of squares", rate => Presets.AdaGrad(rate)),
        ("adam", "0.01", "averaged score by averaged root", rate => Presets.Adam(rate)),
        ("adamw", "0.01", "Adam with weight decay", rate => Presets.AdamW(rate)),
        ("implicit-sgd", "0.05", "stochastic gradient at the place where it leads, which no rate throws off", Presets.ImplicitSgd),
        ("natural", "0.1/t^0.5", "natural gradient, full information averaged", rate => Trusting(Presets.NaturalGradient(rate, _gentle, LongAverage))),
        ("diagonal-natural", "0.1/t^0.5", "natural gradient, diagonal information averaged", rate => Trusting(Presets.DiagonalNaturalGradient(rate, _gentle))),
        ("low-rank-natural", "0.1/t^0.5", "natural gradient, rank 20 and a diagonal", rate => Trusting(Presets.NaturalGradient(Structures.LowRank(20), rate, _gentle, LongAverage))),
        ("ons", "1", "online Newton step", rate => Presets.OnlineNewtonStep(1, 1) with { Step = Steps.Natural(rate) }),
        ("ekf", "1", "extended Kalman filter", rate => Presets.ExtendedKalmanFilter(1) with { Step = Steps.Natural(rate) }),
    ];

    /// <summary>Every preset's name, the rate it has when none is given, and what it is.</summary>
    public static IReadOnlyList<(string Name, string Rate, string Meaning)> All { get; } = [.. _presets.Select(p => (p.Name, p.Rate, p.Meaning))];

    /// <summary>Those presets of the converged regime that are known by name too: a fit is one of them already.</summary>
    public static IReadOnlyList<string> Converged { get; } = ["rls", "kalman", "renewable"];

    /// <summary>Reads a preset, <c>NAME</c> or <c>NAME:RATE</c> with the rate as <see cref="Schedule.Parse"/> has it, and perhaps another step for it.</summary>
    /// <param name="preset">The preset; null for a natural gradient.</param>
    /// <param name="step">A step that replaces the preset's, <c>natural:RATE</c>, <c>inverse-root:RATE</c> or <c>proximal:RATE</c>; or null.</param>
    /// <param name="problem">What is wrong, and what would be legal.</param>
    /// <returns>The method, or null.</returns>
    public static Method? Parse(string? preset, string? step, out string problem)
    {
        problem = "";
        var (name, rateText) = Split(preset ?? "natural");
        if (Converged.Contains(name))
        {
            problem = $"'{name}' is of the converged regime, which a fit without --preset is already: leave it out, and the table has standard errors too";
            return null;
        }
        var found = Array.Find(_presets, p => p.Name == name);
        if (found.Name is null)
        {
            problem = $"there is no preset '{name}'; the presets are: {string.Join(", ", _presets.Select(p => p.Name))}, each also with its rate, as adam:0.001";
            return null;
        }
        var rate = Schedule.Parse(rateText ?? found.Rate);
        if (rate is null)
        {
            problem = IllegalRate(rateText!);
            return null;
        }
        var method = found.Create(rate.Value);
        if (step is null) { return method; }
        var rule = ParseStep(step, method.Step, out problem);
        return rule is null ? null : Verified(method.WithStep(rule), out problem);
    }

    static StepRule? ParseStep(string step, StepRule old, out string problem)
    {
        problem = "";
        var (kind, rateText) = Split(step);
        var rate = rateText is null ? old.Rate : Schedule.Parse(rateText);
        if (rate is null)
        {
            problem = IllegalRate(rateText!);
            return null;
        }
        var damping = old.Damping.Kind == DampingKind.None ? _gentle : old.Damping;
        switch (kind)
        {
            case "natural": return Steps.Natural(rate.Value, damping) with { Momentum = old.Momentum, Decay = old.Decay, TrustRadius = old.TrustRadius };
            case "nesterov": return Steps.Natural(rate.Value, damping) with { Momentum = Momentum.Nesterov(0.9), Decay = old.Decay };
            case "levenberg-marquardt": return Steps.LevenbergMarquardt(rate.Value, 1) with { Decay = old.Decay };
            case "inverse-root": return Steps.InverseRoot(rate.Value, old.RootFloor) with { Momentum = old.Momentum, Decay = old.Decay, Damping = old.RootFloor > 0 ? default : damping };
            case "proximal": return Steps.Proximal(rate.Value) with { Damping = damping };
            default:
                problem = $"there is no step '{kind}'; the steps are: natural, nesterov (with momentum 0.9), levenberg-marquardt, inverse-root and proximal, each also with its rate, as natural:0.1";
                return null;
        }
    }

    static Method Trusting(Method method) => method.WithStep(method.Step with { TrustRadius = TrustedDivergence });

    static Method? Verified(Method method, out string problem)
    {
        problem = "";
        try
        {
            method.Verify();
            return method;
        }
        catch (ArgumentException illegal)
        {
            problem = illegal.Message;
            return null;
        }
    }

    static (string Name, string? Rate) Split(string text)
    {
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        return colon < 0 ? (text, null) : (text[..colon], text[(colon + 1)..]);
    }

    static string IllegalRate(string text) => string.Create(CultureInfo.InvariantCulture,
        $"'{text}' is no learning rate; it is a number above 0 such as 0.1, which may fall: 0.1/t, 0.1/t^0.6, 0.1/cosine=1000 (steps), each also with /warm-up=100");
}
