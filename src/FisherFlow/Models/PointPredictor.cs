namespace FisherFlow.Models;

/// <summary>Predicted means of rows at a given θ, without anything about their uncertainty.</summary>
/// <remarks>Cost: <c>O(d)</c> a predictor of a row. Allocates nothing a row. One instance serves one thread.</remarks>
public sealed class PointPredictor
{
    readonly IModel _model;
    readonly ModelShape _shape;
    readonly double[] _theta;
    readonly double[] _design;
    readonly double[] _eta;
    readonly double[] _jacobian;

    /// <summary>Prepares predictions at θ.</summary>
    /// <param name="model">The model that lays parameters out.</param>
    /// <param name="shape">The sizes under which θ is laid out.</param>
    /// <param name="theta">θ <c>[d]</c>; it is copied.</param>
    public PointPredictor(IModel model, in ModelShape shape, ReadOnlySpan<double> theta)
    {
        ArgumentNullException.ThrowIfNull(model);
        (_model, _shape, _theta) = (model, shape, theta.ToArray());
        Means = model.Means(shape);
        _design = new double[theta.Length];
        _eta = new double[model.Predictors(shape)];
        _jacobian = new double[Means * _eta.Length];
    }

    /// <summary>θ under larger sizes: parameters met since are zero.</summary>
    /// <param name="model">The model that lays parameters out.</param>
    /// <param name="from">The sizes under which θ is laid out.</param>
    /// <param name="theta">θ <c>[d]</c>.</param>
    /// <param name="to">The larger sizes.</param>
    public static double[] Widen(IModel model, in ModelShape from, ReadOnlySpan<double> theta, in ModelShape to)
    {
        ArgumentNullException.ThrowIfNull(model);
        if (from == to) { return theta.ToArray(); }
        var wide = new double[model.Dimension(to)];
        for (var outcome = 0; outcome < from.Outcomes; outcome++)
        {
            for (var column = -1; column < from.Columns; column++)
            {
                var place = model.Parameter(from, outcome, column);
                if (place >= 0) { wide[model.Parameter(to, outcome, column)] = theta[place]; }
            }
        }
        return wide;
    }

    /// <summary>Means a row has: 1, or one an outcome.</summary>
    public int Means { get; }

    /// <summary>Predicts a row of a block; its response is not looked at.</summary>
    /// <param name="block">Encoded rows; levels that θ does not know count as zero.</param>
    /// <param name="row">Which row.</param>
    /// <param name="means">Receives the means <c>[Means]</c>.</param>
    public void Predict(Block block, int row, Span<double> means)
    {
        for (var l = 0; l < _eta.Length; l++)
        {
            _model.DescribePredictor(block, row, _shape, l, _design);
            _eta[l] = _model.PredictorOffset(block, row) + LinearPredictor.Dot(_design, _theta);
        }
        _model.Predict(_eta, means, _jacobian);
    }
}
