using FisherFlow.Differentiation;

namespace FisherFlow.Likelihoods;

/// <summary>A one-to-one map from free coordinates φ <c>[q]</c> to the allowed values θ <c>[m]</c>, with its first two derivatives.</summary>
abstract class Constraint(int free, int natural)
{
    /// <summary>Free coordinates q.</summary>
    public int Free => free;

    /// <summary>Components m of θ.</summary>
    public int Natural => natural;

    /// <summary><c>θ = θ(φ)</c>.</summary>
    public abstract void Forward(ReadOnlySpan<double> phi, Span<double> theta);

    /// <summary>The φ of a θ; false when θ is not allowed.</summary>
    public abstract bool TryInverse(ReadOnlySpan<double> theta, Span<double> phi);

    /// <summary><c>∂θ/∂φ</c>, written at the given place of a larger matrix <c>[m, q]</c> with that row stride.</summary>
    public abstract void Jacobian(ReadOnlySpan<double> phi, Span<double> jacobian, int stride);

    /// <summary>Adds <c>Σₖ sₖ ∂²θₖ/∂φ∂φᵀ</c> at the given place of a larger matrix <c>[q, q]</c> with that row stride.</summary>
    public abstract void AddCurvature(ReadOnlySpan<double> phi, ReadOnlySpan<double> score, Span<double> hessian, int stride);

    /// <summary>Where every component lies, whatever the others are.</summary>
    public abstract Interval Range { get; }

    /// <summary>What is allowed, for messages.</summary>
    public abstract string Describe();
}

/// <summary>A number between two bounds: itself when there are none, exponential beside one, logistic between two.</summary>
sealed class ScalarConstraint(double low, double high) : Constraint(1, 1)
{
    public double Low => low;

    public double High => high;

    public override Interval Range => new(low, high);

    public bool IsFree => double.IsInfinity(low) && double.IsInfinity(high);

    public override void Forward(ReadOnlySpan<double> phi, Span<double> theta) => theta[0] = Map(phi[0]).Value;

    public override bool TryInverse(ReadOnlySpan<double> theta, Span<double> phi)
    {
        var x = theta[0];
        phi[0] = (double.IsInfinity(low), double.IsInfinity(high)) switch
        {
            (true, true) => x,
            (false, true) => Math.Log(x - low),
            (true, false) => -Math.Log(high - x),
            _ => Math.Log((x - low) / (high - x)),
        };
        return double.IsFinite(phi[0]) && x > low && x < high;
    }

    public override void Jacobian(ReadOnlySpan<double> phi, Span<double> jacobian, int stride) => jacobian[0] = Map(phi[0]).First;

    public override void AddCurvature(ReadOnlySpan<double> phi, ReadOnlySpan<double> score, Span<double> hessian, int stride) => hessian[0] += score[0] * Map(phi[0]).Second;

    public override string Describe() => (double.IsInfinity(low), double.IsInfinity(high)) switch
    {
        (true, true) => "any number",
        (false, true) => $"above {low:R}",
        (true, false) => $"below {high:R}",
        _ => $"between {low:R} and {high:R}",
    };

    Expansion Map(double phi) => Range.At(phi);
}

/// <summary>A map of several numbers at once, written once over the number type.</summary>
interface IVectorMap
{
    static abstract void Forward<T>(ReadOnlySpan<T> phi, Span<T> theta) where T : struct, IScalar<T>;

    static abstract bool TryInverse(ReadOnlySpan<double> theta, Span<double> phi);

    static abstract string Allowed { get; }

    static abstract Interval Range { get; }
}

/// <summary>The constraint of a vector map; its derivatives follow from the map by jets along the axes and their sums.</summary>
sealed class VectorConstraint<TMap>(int free, int natural) : Constraint(free, natural) where TMap : IVectorMap
{
    public override void Forward(ReadOnlySpan<double> phi, Span<double> theta)
    {
        var (x, y) = (new Real[Free], new Real[Natural]);
        for (var i = 0; i < x.Length; i++) { x[i] = phi[i]; }
        TMap.Forward<Real>(x, y);
        for (var i = 0; i < y.Length; i++) { theta[i] = y[i].Value; }
    }

    public override bool TryInverse(ReadOnlySpan<double> theta, Span<double> phi)
    {
        if (!TMap.TryInverse(theta, phi)) { return false; }
        foreach (var x in phi[..Free])
        {
            if (!double.IsFinite(x)) { return false; }
        }
        return true;
    }

    public override void Jacobian(ReadOnlySpan<double> phi, Span<double> jacobian, int stride)
    {
        for (var j = 0; j < Free; j++)
        {
            var along = Along(phi, j, j);
            for (var k = 0; k < Natural; k++) { jacobian[k * stride + j] = along[k].First; }
        }
    }

    public override void AddCurvature(ReadOnlySpan<double> phi, ReadOnlySpan<double> score, Span<double> hessian, int stride)
    {
        var pure = new double[Free];
        for (var i = 0; i < Free; i++)
        {
            pure[i] = Second(phi, i, i, score);
            hessian[i * stride + i] += pure[i];
            for (var j = 0; j < i; j++)
            {
                // Along eᵢ + eⱼ the second derivative is fᵢᵢ + 2fᵢⱼ + fⱼⱼ.
                var mixed = 0.5 * (Second(phi, i, j, score) - pure[i] - pure[j]);
                hessian[i * stride + j] += mixed;
                hessian[j * stride + i] += mixed;
            }
        }
    }

    public override Interval Range => TMap.Range;

    public override string Describe() => TMap.Allowed;

    double Second(ReadOnlySpan<double> phi, int i, int j, ReadOnlySpan<double> score)
    {
        var along = Along(phi, i, j);
        var sum = 0.0;
        for (var k = 0; k < Natural; k++) { sum += score[k] * along[k].Second; }
        return sum;
    }

    Jet[] Along(ReadOnlySpan<double> phi, int i, int j)
    {
        var (x, y) = (new Jet[Free], new Jet[Natural]);
        for (var k = 0; k < Free; k++) { x[k] = new(phi[k], k == i || k == j ? 1 : 0); }
        TMap.Forward<Jet>(x, y);
        return y;
    }
}
