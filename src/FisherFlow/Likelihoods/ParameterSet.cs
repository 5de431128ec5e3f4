using FisherFlow.Differentiation;

namespace FisherFlow.Likelihoods;

/// <summary>All parameters of a likelihood: names and values θ as the user has them, free coordinates φ as the solver has them, and the way between.</summary>
/// <remarks>Shapes: θ <c>[m]</c>, φ <c>[q]</c>, <c>J = ∂θ/∂φ [m, q]</c>; m and q differ only where shares sum to one. Scores and information move by <c>s_φ = Jᵀs_θ</c>,
/// <c>I_φ = JᵀI_θJ</c>, covariances by <c>V_θ = JV_φJᵀ</c>. Immutable.</remarks>
public sealed class ParameterSet
{
    readonly Parameter[] _parameters;
    readonly string[] _names;

    /// <summary>Joins parameters.</summary>
    /// <param name="parameters">In the order of θ.</param>
    /// <exception cref="ArgumentException">There is none, or two have the same name.</exception>
    public ParameterSet(IReadOnlyList<Parameter> parameters)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        _parameters = [.. parameters];
        _names = [.. parameters.SelectMany(p => p.Names)];
        if (_names.Length == 0) { throw new ArgumentException("a likelihood needs at least one parameter"); }
        if (_names.GroupBy(n => n, StringComparer.Ordinal).FirstOrDefault(g => g.Count() > 1) is { } twice) { throw new ArgumentException($"the parameter '{twice.Key}' is declared twice"); }
        Free = _parameters.Sum(p => p.Constraint.Free);
    }

    /// <summary>The names of θ.</summary>
    public IReadOnlyList<string> Names => _names;

    /// <summary>Components of θ, <c>m</c>.</summary>
    public int Natural => _names.Length;

    /// <summary>Free coordinates, <c>q</c>.</summary>
    public int Free { get; }

    /// <summary>Whether zero is a value like any other for a component, so that a test against it means something.</summary>
    /// <param name="index">The component of θ.</param>
    public bool IsUnconstrained(int index) => Find(index, out _, out _).Constraint is ScalarConstraint { IsFree: true };

    /// <summary><c>θ = θ(φ)</c>.</summary>
    /// <param name="phi">φ <c>[q]</c>.</param>
    /// <param name="theta">Receives θ <c>[m]</c>.</param>
    public void ToNatural(ReadOnlySpan<double> phi, Span<double> theta)
    {
        int p = 0, t = 0;
        foreach (var parameter in _parameters)
        {
            var c = parameter.Constraint;
            c.Forward(phi.Slice(p, c.Free), theta.Slice(t, c.Natural));
            (p, t) = (p + c.Free, t + c.Natural);
        }
    }

    /// <summary>The φ of a θ.</summary>
    /// <param name="theta">θ <c>[m]</c>.</param>
    /// <param name="phi">Receives φ <c>[q]</c>.</param>
    /// <exception cref="ArgumentException">A value is not allowed; the message names it and what is.</exception>
    public void ToFree(ReadOnlySpan<double> theta, Span<double> phi)
    {
        int p = 0, t = 0;
        foreach (var parameter in _parameters)
        {
            var c = parameter.Constraint;
            var values = theta.Slice(t, c.Natural);
            if (!c.TryInverse(values, phi.Slice(p, c.Free)))
            {
                throw new ArgumentException($"{string.Join(", ", parameter.Names)} cannot be {string.Join(", ", values.ToArray().Select(x => x.ToString("R")))}; legal is {c.Describe()}");
            }
            (p, t) = (p + c.Free, t + c.Natural);
        }
    }

    /// <summary>Refuses starting values that are not allowed; NaN stands for one that is not given.</summary>
    /// <param name="theta">θ <c>[m]</c>.</param>
    /// <exception cref="ArgumentException">A value is not allowed; the message names it and what is.</exception>
    public void CheckStart(ReadOnlySpan<double> theta) => ToFreeWhereGiven(theta, new double[Free]);

    /// <summary>The φ of what is given of a θ; NaN where it is not.</summary>
    internal void ToFreeWhereGiven(ReadOnlySpan<double> theta, Span<double> phi)
    {
        int p = 0, t = 0;
        foreach (var parameter in _parameters)
        {
            var c = parameter.Constraint;
            var values = theta.Slice(t, c.Natural);
            var target = phi.Slice(p, c.Free);
            target.Fill(double.NaN);
            var given = 0;
            foreach (var value in values) { given += double.IsNaN(value) ? 0 : 1; }
            if (given > 0 && (given < c.Natural || !c.TryInverse(values, target)))
            {
                throw new ArgumentException($"{string.Join(", ", parameter.Names)} cannot start at {string.Join(", ", values.ToArray().Select(x => double.IsNaN(x) ? "nothing" : x.ToString("R")))}; legal is {c.Describe()}");
            }
            (p, t) = (p + c.Free, t + c.Natural);
        }
    }

    /// <summary>Whether a free coordinate is a parameter without bounds, in the user's own units.</summary>
    internal bool IsFreeCoordinate(int coordinate)
    {
        var p = 0;
        foreach (var parameter in _parameters)
        {
            if (coordinate < p + parameter.Constraint.Free) { return parameter.Constraint is ScalarConstraint { IsFree: true }; }
            p += parameter.Constraint.Free;
        }
        throw new ArgumentOutOfRangeException(nameof(coordinate), coordinate, $"there are {Free} coordinates");
    }

    /// <summary><c>J = ∂θ/∂φ</c>.</summary>
    /// <param name="phi">φ <c>[q]</c>.</param>
    /// <param name="jacobian">Receives J <c>[m, q]</c>, row by row.</param>
    public void Jacobian(ReadOnlySpan<double> phi, Span<double> jacobian)
    {
        jacobian[..(Natural * Free)].Clear();
        int p = 0, t = 0;
        foreach (var parameter in _parameters)
        {
            var c = parameter.Constraint;
            c.Jacobian(phi.Slice(p, c.Free), jacobian[(t * Free + p)..], Free);
            (p, t) = (p + c.Free, t + c.Natural);
        }
    }

    /// <summary>Adds <c>Σₖ sₖ ∂²θₖ/∂φ∂φᵀ</c>: what the Hessian gains from the map itself, nothing where the score is zero.</summary>
    /// <param name="phi">φ <c>[q]</c>.</param>
    /// <param name="score">The score of θ, <c>[m]</c>.</param>
    /// <param name="hessian">The Hessian in φ, <c>[q, q]</c>.</param>
    public void AddCurvature(ReadOnlySpan<double> phi, ReadOnlySpan<double> score, Span<double> hessian)
    {
        int p = 0, t = 0;
        foreach (var parameter in _parameters)
        {
            var c = parameter.Constraint;
            c.AddCurvature(phi.Slice(p, c.Free), score.Slice(t, c.Natural), hessian[(p * Free + p)..], Free);
            (p, t) = (p + c.Free, t + c.Natural);
        }
    }

    /// <summary>What is allowed for every parameter, one text: two spaces of the same description are the same space.</summary>
    public override string ToString() => string.Join("; ", _parameters.Select(p => $"{string.Join(", ", p.Names)} {p.Constraint.Describe()}"));

    /// <summary>The constraint that a component of θ belongs to, and where both begin.</summary>
    Parameter Find(int index, out int free, out int natural)
    {
        (free, natural) = (0, 0);
        foreach (var parameter in _parameters)
        {
            if (index < natural + parameter.Constraint.Natural) { return parameter; }
            (free, natural) = (free + parameter.Constraint.Free, natural + parameter.Constraint.Natural);
        }
        throw new ArgumentOutOfRangeException(nameof(index), index, $"there are {Natural} components");
    }

    /// <summary>Limits of a component: symmetric in φ and mapped where it has a φ of its own; of a share or a correlation symmetric in its logit over its range, which is Fisher's z; symmetric in θ otherwise.</summary>
    internal (double Lower, double Upper) Limits(int index, ReadOnlySpan<double> phi, double freeError, double estimate, double naturalError, double quantile)
    {
        if (Find(index, out var free, out _).Constraint is not ScalarConstraint scalar)
        {
            var range = RangeOf(index);
            if (range == Interval.Line || !range.Contains(estimate)) { return (estimate - quantile * naturalError, estimate + quantile * naturalError); }
            var eta = range.Unconstrain(estimate);
            var half = quantile * naturalError / range.At(eta).First;
            return (range.At(eta - half).Value, range.At(eta + half).Value);
        }
        Span<double> value = stackalloc double[1];
        scalar.Forward([phi[free] - quantile * freeError], value);
        var lower = value[0];
        scalar.Forward([phi[free] + quantile * freeError], value);
        return (lower, value[0]);
    }

    /// <summary>Where a component lies, whatever the others are.</summary>
    internal Interval RangeOf(int index) => Find(index, out _, out _).Constraint.Range;

    /// <summary>The free coordinate of a component that has one of its own, or −1.</summary>
    internal int FreeOf(int index) => Find(index, out var free, out _).Constraint is ScalarConstraint ? free : -1;

    /// <summary>The bound of a component that its coordinate is far on the way to, or null.</summary>
    internal double? NearBound(int index, double phi)
    {
        const double FarDown = -7;   // a thousandth in units of the constraint, or of one
        if (Find(index, out _, out _).Constraint is not ScalarConstraint { IsFree: false } scalar) { return null; }
        return (double.IsInfinity(scalar.Low), double.IsInfinity(scalar.High)) switch
        {
            (false, true) => phi < FarDown ? scalar.Low : phi > -FarDown * 4 ? scalar.High : null,
            (true, false) => phi > -FarDown ? scalar.High : phi < FarDown * 4 ? scalar.Low : null,
            _ => phi < FarDown ? scalar.Low : phi > -FarDown ? scalar.High : null,
        };
    }

    /// <summary>The two increasing numbers between which a free coordinate is the logarithm of the step, or null.</summary>
    internal (string Below, string Above)? StepOf(int coordinate)
    {
        int p = 0;
        foreach (var parameter in _parameters)
        {
            var at = coordinate - p;
            if (at < parameter.Constraint.Free) { return at > 0 && parameter.Constraint is VectorConstraint<OrderedMap> ? (parameter.Names[at - 1], parameter.Names[at]) : null; }
            p += parameter.Constraint.Free;
        }
        return null;
    }

    /// <summary>The names of the components that a free coordinate moves first: its own for a scalar, the vector's for a vector.</summary>
    internal string NameOfFree(int coordinate)
    {
        int p = 0;
        foreach (var parameter in _parameters)
        {
            var c = parameter.Constraint;
            if (coordinate < p + c.Free) { return c.Natural == c.Free ? parameter.Names[coordinate - p] : string.Join("/", parameter.Names); }
            p += c.Free;
        }
        throw new ArgumentOutOfRangeException(nameof(coordinate), coordinate, $"there are {Free} coordinates");
    }
}
