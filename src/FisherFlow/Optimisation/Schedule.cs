using System.Globalization;

namespace FisherFlow.Optimisation;

/// <summary>The learning rate of step t: <c>η(t)</c>, t = 1, 2, …</summary>
/// <remarks>A value: it holds no clock, so a method may be shared and a resumed run goes on where it stopped.</remarks>
public readonly record struct Schedule
{
    enum Shape { Constant, Power, Cosine }

    readonly Shape _shape;
    readonly double _exponent;
    readonly long _horizon;
    readonly double _floor;
    readonly long _warmUp;

    Schedule(Shape shape, double rate, double exponent = 0, long horizon = 0, double floor = 0, long warmUp = 0)
    {
        if (!(rate > 0 && double.IsFinite(rate))) { throw new ArgumentOutOfRangeException(nameof(rate), rate, "a learning rate is a finite number above 0"); }
        (_shape, Rate, _exponent, _horizon, _floor, _warmUp) = (shape, rate, exponent, horizon, floor, warmUp);
    }

    /// <summary>The rate that the schedule starts from (and warms up to), <c>η</c>.</summary>
    public double Rate { get; }

    /// <summary><c>η(t) = η</c>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The rate is not a finite number above 0.</exception>
    public static Schedule Constant(double rate) => new(Shape.Constant, rate);

    /// <summary><c>η(t) = η·t⁻¹</c>: the gain of an average.</summary>
    public static Schedule Inverse(double rate) => Power(rate, 1);

    /// <summary><c>η(t) = η·t⁻ᵖ</c>; Robbins and Monro (1951) ask for ½ &lt; p ≤ 1.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The exponent is negative or above 1.</exception>
    public static Schedule Power(double rate, double exponent) => exponent is >= 0 and <= 1
        ? new(Shape.Power, rate, exponent)
        : throw new ArgumentOutOfRangeException(nameof(exponent), exponent, "the exponent of a power schedule lies in 0 to 1");

    /// <summary><c>η(t) = η·(f + (1 − f)·½(1 + cos(πt/T)))</c>, and <c>f·η</c> from step T on.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The horizon is below 1, or the floor is not in 0 to 1.</exception>
    public static Schedule Cosine(double rate, long horizon, double floor = 0)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(horizon, 1);
        return floor is >= 0 and <= 1
            ? new(Shape.Cosine, rate, horizon: horizon, floor: floor)
            : throw new ArgumentOutOfRangeException(nameof(floor), floor, "the floor is a share of the rate, 0 to 1");
    }

    /// <summary>The same schedule after a linear rise over <paramref name="steps"/> steps: <c>η(t)·min(1, t/steps)</c>.</summary>
    public Schedule WarmUp(long steps)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(steps);
        return new(_shape, Rate, _exponent, _horizon, _floor, steps);
    }

    /// <summary>The rate of step <paramref name="step"/>, counted from 1.</summary>
    public double At(long step)
    {
        var rate = _shape switch
        {
            Shape.Power => Rate * Math.Pow(step, -_exponent),
            Shape.Cosine => Rate * (_floor + (1 - _floor) * 0.5 * (1 + Math.Cos(Math.PI * Math.Min(step, _horizon) / _horizon))),
            _ => Rate,
        };
        return step < _warmUp ? rate * step / _warmUp : rate;
    }

    /// <summary>Reads a rate as <see cref="ToString"/> writes it: <c>0.1</c>, <c>0.1/t</c>, <c>0.1/t^0.6</c>, <c>0.1/cosine=1000</c>, each also with <c>/warm-up=100</c>.</summary>
    /// <returns>The schedule, or null when the text is none.</returns>
    public static Schedule? Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var parts = text.Split('/');
        if (!Number(parts[0], out var rate) || rate <= 0) { return null; }
        var schedule = Constant(rate);
        foreach (var part in parts.AsSpan(1))
        {
            var (name, value) = part.Split('=') is [var left, var right] ? (left, right) : (part, "");
            if (name == "t") { schedule = Inverse(rate); }
            else if (name.StartsWith("t^", StringComparison.Ordinal) && Number(name[2..], out var exponent) && exponent is >= 0 and <= 1) { schedule = Power(rate, exponent); }
            else if (name == "cosine" && Number(value, out var horizon) && horizon is >= 1 and < long.MaxValue) { schedule = Cosine(rate, (long)horizon); }
            else if (name == "warm-up" && Number(value, out var steps) && steps is >= 0 and < long.MaxValue) { schedule = schedule.WarmUp((long)steps); }
            else { return null; }
        }
        return schedule;
    }

    static bool Number(string text, out double number) => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out number) && double.IsFinite(number);

    /// <summary>A constant rate.</summary>
    public static implicit operator Schedule(double rate) => Constant(rate);

    /// <summary>As <see cref="Parse"/> reads it (a cosine's floor apart).</summary>
    public override string ToString()
    {
        var text = Rate.ToString(CultureInfo.InvariantCulture);
        if (_shape == Shape.Power) { text += _exponent == 1 ? "/t" : string.Create(CultureInfo.InvariantCulture, $"/t^{_exponent}"); }
        if (_shape == Shape.Cosine) { text += string.Create(CultureInfo.InvariantCulture, $"/cosine={_horizon}"); }
        if (_floor > 0) { text += string.Create(CultureInfo.InvariantCulture, $"/floor={_floor}"); }
        return _warmUp > 0 ? string.Create(CultureInfo.InvariantCulture, $"{text}/warm-up={_warmUp}") : text;
    }
}
