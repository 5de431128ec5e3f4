using FisherFlow.Differentiation;

namespace FisherFlow.Likelihoods;

/// <summary>A value of a row as a function of θ, over any number.</summary>
interface IRowFunction
{
    static abstract T Value<T>(ReadOnlySpan<T> parameters, ReadOnlySpan<double> row) where T : struct, IScalar<T>;
}

readonly struct Density<TLikelihood> : IRowFunction where TLikelihood : ILikelihood
{
    public static T Value<T>(ReadOnlySpan<T> parameters, ReadOnlySpan<double> row) where T : struct, IScalar<T> => TLikelihood.LogDensity(parameters, row);
}

readonly struct Mean<TModel> : IRowFunction where TModel : INonlinearModel
{
    public static T Value<T>(ReadOnlySpan<T> parameters, ReadOnlySpan<double> row) where T : struct, IScalar<T> => TModel.Mean(parameters, row[..^1]);
}

/// <summary>A model whose row function is C#: differentiated by running it over numbers that carry derivatives.</summary>
sealed class CompiledModel<TFunction>(ParameterSet space, IReadOnlyList<string> columns, bool isLeastSquares, string name) : LikelihoodModel(space, columns, isLeastSquares)
    where TFunction : IRowFunction
{
    readonly Real[] _real = new Real[space.Natural];
    readonly Jet[] _jet = new Jet[space.Natural];

    public override string Name => name;

    public override LikelihoodModel Fork() => new CompiledModel<TFunction>(Space, Columns, IsLeastSquares, name);

    public override void Evaluate(ReadOnlySpan<double> theta, ReadOnlySpan<double> rows, Span<double> values, Span<double> gradients)
    {
        var width = Columns.Count;
        var m = theta.Length;
        for (var j = 0; j < m; j++) { (_real[j], _jet[j]) = (theta[j], theta[j]); }
        for (var i = 0; i < values.Length; i++)
        {
            var row = rows.Slice(i * width, width);
            if (gradients.IsEmpty) { values[i] = TFunction.Value<Real>(_real, row).Value; }
            for (var j = 0; j < m && !gradients.IsEmpty; j++)
            {
                _jet[j] = Jet.Variable(theta[j]);
                var value = TFunction.Value<Jet>(_jet, row);
                _jet[j] = theta[j];
                (values[i], gradients[i * m + j]) = (value.Value, value.First);
            }
        }
    }

    public override void AddHessian(ReadOnlySpan<double> theta, ReadOnlySpan<double> rows, ReadOnlySpan<double> weights, Span<double> hessian)
    {
        var width = Columns.Count;
        var m = theta.Length;
        Span<double> pure = m <= 64 ? stackalloc double[m] : new double[m];
        for (var i = 0; i < weights.Length; i++)
        {
            var row = rows.Slice(i * width, width);
            for (var a = 0; a < m; a++)
            {
                pure[a] = Second(theta, row, a, a);
                hessian[a * m + a] += weights[i] * pure[a];
                for (var b = 0; b < a; b++)
                {
                    var mixed = 0.5 * weights[i] * (Second(theta, row, a, b) - pure[a] - pure[b]);
                    hessian[a * m + b] += mixed;
                    hessian[b * m + a] += mixed;
                }
            }
        }
    }

    /// <summary>The second derivative along <c>eₐ + e_b</c>, or along <c>eₐ</c> when both are the same.</summary>
    double Second(ReadOnlySpan<double> theta, ReadOnlySpan<double> row, int a, int b)
    {
        for (var j = 0; j < theta.Length; j++) { _jet[j] = new(theta[j], j == a || j == b ? 1 : 0); }
        return TFunction.Value<Jet>(_jet, row).Second;
    }
}
