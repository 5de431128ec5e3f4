using FisherFlow.Estimation;
using FisherFlow.Models;

namespace FisherFlow.Inference;

/// <summary>The lines of a coefficient table: names, statuses, Wald statistics and limits.</summary>
sealed class CoefficientTable
{
    readonly Estimate _estimate;
    readonly Identification _identification;
    readonly DesignSchema _schema;
    readonly int[] _position;   // parameter → place in the factor, or −1

    /// <summary>Sorts the free parameters into ok, aliased and separated.</summary>
    public CoefficientTable(Estimate estimate, DesignSchema schema, Identification identification)
    {
        (_estimate, _schema, _identification) = (estimate, schema, identification);
        _position = Positions(estimate);
    }

    /// <summary>Coefficients that the data determine, the infinite ones included (R counts them too); of the cut points of an ordinal model one less than there are outcomes with rows.</summary>
    public static int RankOf(Estimate estimate, IModel model)
    {
        var counts = (bool[])estimate.Separated.Clone();
        foreach (var kept in estimate.Factor.Kept) { counts[kept] = true; }
        var rank = counts.Count(counted => counted);
        if (!model.IsOrdinal) { return rank; }
        var cuts = Enumerable.Range(0, Math.Max(0, estimate.Shape.Outcomes - 1)).Count(cut => counts[model.Parameter(estimate.Shape, cut, -1)]);
        return rank - Math.Max(0, cuts - Math.Max(0, OutcomesMet(estimate) - 1));
    }

    /// <summary>Outcomes of a categorical response that some row has; all of them where rows were not counted by outcome.</summary>
    public static int OutcomesMet(Estimate estimate)
    {
        if (estimate.Responses.OutcomeWeights.IsEmpty) { return estimate.Shape.Outcomes; }
        var met = 0;
        foreach (var weight in estimate.Responses.OutcomeWeights) { met += weight > 0 ? 1 : 0; }
        return met;
    }

    /// <summary>Every parameter's place in the factor, or −1, <c>[d]</c>.</summary>
    public static int[] Positions(Estimate estimate)
    {
        var position = new int[estimate.Theta.Length];
        Array.Fill(position, -1);
        for (var i = 0; i < estimate.Factor.Kept.Count; i++) { position[estimate.Factor.Kept[i]] = i; }
        return position;
    }

    /// <summary>The lines of the table.</summary>
    /// <param name="variances">Variances of the kept parameters <c>[k]</c>, or null when there are none.</param>
    /// <param name="level">Confidence level of the limits.</param>
    /// <param name="degrees">Degrees of freedom of t, or null for z.</param>
    /// <param name="tests">Whether statistics and p-values mean anything.</param>
    public IReadOnlyList<Coefficient> Lines(double[]? variances, double level, long? degrees, bool tests)
    {
        var quantile = NormalDistribution.Quantile(level);   // as confint.default, whatever the statistic
        var lines = new List<Coefficient>(_identification.Free.Count);
        foreach (var free in _identification.Free)
        {
            var status = StatusOf(free.Index);
            var line = new Coefficient
            {
                Term = TermOf(free),
                Outcome = _identification.Shape.Outcomes > 1 && free.Column >= 0 && !IsOrdinal && !_identification.HasParameters ? _schema.Outcomes[free.Outcome] : null,
                Parameter = _identification.HasParameters ? _schema.Outcomes[free.Outcome] : null,
                IsConstant = free.Column >= 0 && _schema.Terms[_schema.Columns[free.Column].Term].IsIntercept,
                IsCutPoint = free.Column < 0,
                Estimate = status == CoefficientStatus.Aliased ? null : Number.Finite(_estimate.Theta[free.Index]),
                Status = status,
            };
            if (status == CoefficientStatus.Ok && variances is not null && line.Estimate is { } estimate)
            {
                var error = Math.Sqrt(Math.Max(0, variances[_position[free.Index]]));
                var statistic = tests && !(degrees <= 0) && error > 0 ? Number.Finite(estimate / error) : null;
                line = line with
                {
                    StandardError = Number.Finite(error),
                    Statistic = statistic,
                    PValue = statistic is not { } s ? null : degrees is { } df ? StudentDistribution.TwoSided(s, df) : NormalDistribution.TwoSided(s),
                    Lower = Number.Finite(estimate - quantile * error),
                    Upper = Number.Finite(estimate + quantile * error),
                };
            }
            lines.Add(line);
        }
        return lines;
    }

    /// <summary>The covariance of the coefficients with status ok, in the order of the table.</summary>
    public double[,] Matrix(double[]? covariance)
    {
        if (covariance is null) { return new double[0, 0]; }
        var places = _identification.Free.Where(f => StatusOf(f.Index) == CoefficientStatus.Ok).Select(f => _position[f.Index]).ToArray();
        var matrix = new double[places.Length, places.Length];
        for (var i = 0; i < places.Length; i++)
        {
            for (var j = 0; j < places.Length; j++) { matrix[i, j] = covariance[places[i] * _estimate.Factor.Rank + places[j]]; }
        }
        return matrix;
    }

    /// <summary>The name of a parameter; that of an outcome comes first.</summary>
    public string NameOf(int parameter)
    {
        foreach (var free in _identification.Free)
        {
            if (free.Index == parameter) { return _identification.Shape.Outcomes > 1 && free.Column >= 0 && !IsOrdinal ? $"{_schema.Outcomes[free.Outcome]}: {TermOf(free)}" : TermOf(free); }
        }
        return $"parameter {parameter}";
    }

    /// <summary>Names of parameters, as tables have them.</summary>
    public IEnumerable<string> Names(IReadOnlyList<int> parameters) => _identification.Free.Where(free => parameters.Contains(free.Index))
        .Select(free => _identification.HasParameters ? $"{_schema.Outcomes[free.Outcome]}: {TermOf(free)}" : TermOf(free));

    bool IsOrdinal => _identification.Free.Count > 0 && _identification.Free[0].Column < 0;

    CoefficientStatus StatusOf(int parameter) =>
        _estimate.Separated[parameter] ? CoefficientStatus.Separated
        : _position[parameter] < 0 ? CoefficientStatus.Aliased
        : CoefficientStatus.Ok;

    string TermOf(FreeParameter free) =>
        free.Column < 0 ? $"{_schema.Outcomes[free.Outcome]}|{_schema.Outcomes[free.Outcome + 1]}" : _schema.Name(free.Column);
}
