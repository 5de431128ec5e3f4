using FisherFlow.Differentiation;

namespace FisherFlow.Tests.Differentiation;

public sealed class ConstraintTests
{
    public static TheoryData<string> Names => [.. _constraints.Keys];

    static readonly Dictionary<string, (IConstraint Constraint, double[] Free)> _constraints = new()
    {
        ["line"] = (Interval.Line, [-1.3]),
        ["positive"] = (Interval.Positive, [-1.3]),
        ["unit"] = (Interval.Unit, [0.8]),
        ["above"] = (Interval.Above(2), [0.4]),
        ["below"] = (new Interval(double.NegativeInfinity, 3), [0.4]),
        ["between"] = (new Interval(-1, 1), [-0.4]),
        ["simplex"] = (new Simplex(4), [0.3, -1.2, 0.9]),
        ["ordered"] = (new Ordered(3), [-0.3, -1.2, 0.9]),
        ["correlations"] = (new Correlations(4), [0.3, -0.7, 0.2, 1.1, -0.4, 0.05]),
        ["space"] = (new ParameterSpace([Interval.Line, new Simplex(3), Interval.Positive, new Correlations(3)]), [0.2, 0.5, -0.6, 0.3, 0.4, -0.1, 0.2]),
    };

    [Theory, MemberData(nameof(Names))]
    public void Values_go_back_to_the_free_numbers_they_came_from(string name)
    {
        var (constraint, free) = _constraints[name];
        var (values, back) = (Values(constraint, free), new double[constraint.Free]);
        constraint.Unconstrain(values, back);
        for (var i = 0; i < back.Length; i++) { Assert.Equal(free[i], back[i], 1e-13); }
    }

    [Theory, MemberData(nameof(Names))]
    public void The_jacobian_agrees_with_differences_and_its_determinant_with_the_density(string name)
    {
        var (constraint, free) = _constraints[name];
        var (k, f) = (constraint.Values, constraint.Free);
        var jacobian = new double[k * f];
        new ParameterSpace([constraint]).Jacobian(free, jacobian);
        for (var j = 0; j < f; j++)
        {
            const double h = 1e-3;
            var difference = new double[k];
            foreach (var (step, factor) in new[] { (1, 45.0), (-1, -45), (2, -9), (-2, 9), (3, 1), (-3, -1) })
            {
                var moved = free.ToArray();
                moved[j] += step * h;
                var values = Values(constraint, moved);
                for (var i = 0; i < k; i++) { difference[i] += factor * values[i] / (60 * h); }
            }
            for (var i = 0; i < k; i++) { Assert.Equal(difference[i], jacobian[i * f + j], 1e-11); }
        }
        // a space of several is square block by block; each block's first rows count
        var expected = LogDeterminant(constraint is ParameterSpace space ? Square(space, jacobian) : jacobian[..(f * f)], f);
        Assert.Equal(expected, constraint.LogJacobian<Real>([.. free.Select(x => (Real)x)]).Value, 1e-11);
    }

    [Fact]
    public void Correlations_are_those_of_a_positive_definite_matrix_however_large_the_free_numbers()
    {
        var values = Values(new Correlations(3), [2.5, -3, 2]);
        var (a, b, c) = (values[0], values[1], values[2]);
        Assert.All(values, r => Assert.InRange(r, -1, 1));
        Assert.True(1 + 2 * a * b * c - a * a - b * b - c * c > 0);
    }

    [Fact]
    public void What_breaks_a_constraint_is_told()
    {
        Assert.Contains("between 0 and", Assert.Throws<ArgumentOutOfRangeException>(() => Interval.Positive.Unconstrain(-1)).Message, StringComparison.Ordinal);
        Assert.Contains("sum to 1.2", Assert.Throws<ArgumentException>(() => new Simplex(2).Unconstrain([0.6, 0.6], new double[1])).Message, StringComparison.Ordinal);
        Assert.Contains("probability 2 of 2 is 0", Assert.Throws<ArgumentException>(() => new Simplex(2).Unconstrain([1, 0], new double[1])).Message, StringComparison.Ordinal);
        Assert.Contains("number 2 of 2", Assert.Throws<ArgumentException>(() => new Ordered(2).Unconstrain([1, 1], new double[2])).Message, StringComparison.Ordinal);
        Assert.Contains("variable 3", Assert.Throws<ArgumentException>(() => new Correlations(3).Unconstrain([0.9, 0.9, -0.9], new double[3])).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("identity", double.NegativeInfinity, double.PositiveInfinity), InlineData("log", 0, double.PositiveInfinity), InlineData("logit", 0, 1)]
    [InlineData("log(θ - 2)", 2, double.PositiveInfinity), InlineData("-log(3 - θ)", double.NegativeInfinity, 3), InlineData("logit(-1, 1)", -1, 1)]
    public void An_interval_names_its_link(string link, double lower, double upper) => Assert.Equal(link, new Interval(lower, upper).Link);

    [Fact]
    public void A_covariance_travels_by_the_delta_method()
    {
        var space = new ParameterSpace([Interval.Line, Interval.Positive]);
        var covariance = space.Transport([0.3, Math.Log(2)], [4, 1, 1, 9]);
        Assert.Equal([4, 2, 2, 36], covariance.Select(c => Math.Round(c, 12)));
    }

    static double[] Values(IConstraint constraint, double[] free)
    {
        var values = new Real[constraint.Values];
        constraint.Constrain<Real>([.. free.Select(x => (Real)x)], values);
        return [.. values.Select(value => value.Value)];
    }

    static double[] Square(ParameterSpace space, double[] jacobian)
    {
        var rows = new List<double>();
        var row = 0;
        foreach (var constraint in space.Constraints)
        {
            for (var i = 0; i < constraint.Free; i++) { rows.AddRange(jacobian.AsSpan((row + i) * space.Free, space.Free)); }
            row += constraint.Values;
        }
        return [.. rows];
    }

    /// <summary>By elimination with pivots.</summary>
    static double LogDeterminant(double[] square, int n)
    {
        var a = square.ToArray();
        var sum = 0.0;
        for (var c = 0; c < n; c++)
        {
            var pivot = Enumerable.Range(c, n - c).MaxBy(r => Math.Abs(a[r * n + c]));
            for (var k = 0; k < n; k++) { (a[c * n + k], a[pivot * n + k]) = (a[pivot * n + k], a[c * n + k]); }
            sum += Math.Log(Math.Abs(a[c * n + c]));
            for (var r = c + 1; r < n; r++)
            {
                var factor = a[r * n + c] / a[c * n + c];
                for (var k = c; k < n; k++) { a[r * n + k] -= factor * a[c * n + k]; }
            }
        }
        return sum;
    }
}
