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
/// <remarks>Up to five parameters by jets along all of them at once, without any memory; more by the reverse tape, whose cost does not grow with them.</remarks>
sealed class CompiledModel<TFunction>(ParameterSet space, IReadOnlyList<string> columns, bool isLeastSquares, string name) : LikelihoodModel(space, columns, isLeastSquares)
    where TFunction : IRowFunction
{
    readonly Real[] _real = new Real[space.Natural];
    readonly IDerivatives _derivatives = space.Natural switch
    {
        1 => new ByJets<One>(),
        2 => new ByJets<Two>(),
        3 => new ByJets<Three>(),
        4 => new ByJets<Four>(),
        5 => new ByJets<Five>(),
        var m => new ByTape(m),
    };

    public override string Name => name;

    public override LikelihoodModel Fork() => new CompiledModel<TFunction>(Space, Columns, IsLeastSquares, name) { Sampler = Sampler?.Fork() };

    public override void Evaluate(ReadOnlySpan<double> theta, ReadOnlySpan<double> rows, Span<double> values, Span<double> gradients)
    {
        var width = Columns.Count;
        if (!gradients.IsEmpty)
        {
            _derivatives.Evaluate(theta, rows, width, values, gradients);
            return;
        }
        for (var j = 0; j < theta.Length; j++) { _real[j] = theta[j]; }
        for (var i = 0; i < values.Length; i++) { values[i] = TFunction.Value<Real>(_real, rows.Slice(i * width, width)).Value; }
    }

    public override void AddHessian(ReadOnlySpan<double> theta, ReadOnlySpan<double> rows, ReadOnlySpan<double> weights, Span<double> hessian) =>
        _derivatives.AddHessian(theta, rows, Columns.Count, weights, hessian);

    interface IDerivatives
    {
        void Evaluate(ReadOnlySpan<double> theta, ReadOnlySpan<double> rows, int width, Span<double> values, Span<double> gradients);

        void AddHessian(ReadOnlySpan<double> theta, ReadOnlySpan<double> rows, int width, ReadOnlySpan<double> weights, Span<double> hessian);
    }

    sealed class ByJets<TDirections> : IDerivatives where TDirections : struct, IDirections
    {
        readonly Jet<TDirections>[] _parameters = new Jet<TDirections>[TDirections.Count];

        public void Evaluate(ReadOnlySpan<double> theta, ReadOnlySpan<double> rows, int width, Span<double> values, Span<double> gradients)
        {
            Set(theta);
            for (var i = 0; i < values.Length; i++)
            {
                var value = TFunction.Value<Jet<TDirections>>(_parameters, rows.Slice(i * width, width));
                values[i] = value.Value;
                for (var j = 0; j < theta.Length; j++) { gradients[i * theta.Length + j] = value.Gradient(j); }
            }
        }

        public void AddHessian(ReadOnlySpan<double> theta, ReadOnlySpan<double> rows, int width, ReadOnlySpan<double> weights, Span<double> hessian)
        {
            Set(theta);
            var m = theta.Length;
            for (var i = 0; i < weights.Length; i++)
            {
                if (weights[i] == 0) { continue; }
                var value = TFunction.Value<Jet<TDirections>>(_parameters, rows.Slice(i * width, width));
                for (var j = 0; j < m; j++)
                {
                    for (var k = 0; k < m; k++) { hessian[j * m + k] += weights[i] * value.Hessian(j, k); }
                }
            }
        }

        void Set(ReadOnlySpan<double> theta)
        {
            for (var j = 0; j < theta.Length; j++) { _parameters[j] = Jet<TDirections>.Variable(theta[j], j); }
        }
    }

    sealed class ByTape(int parameters) : IDerivatives
    {
        readonly Tape _tape = new();
        readonly Traced[] _variables = new Traced[parameters];
        readonly double[] _gradient = new double[parameters];
        readonly double[] _product = new double[parameters];

        public void Evaluate(ReadOnlySpan<double> theta, ReadOnlySpan<double> rows, int width, Span<double> values, Span<double> gradients)
        {
            for (var i = 0; i < values.Length; i++)
            {
                var value = Run(theta, rows.Slice(i * width, width), along: -1);
                values[i] = value.Value;
                _tape.Reverse(value, gradients.Slice(i * theta.Length, theta.Length), default);
            }
        }

        public void AddHessian(ReadOnlySpan<double> theta, ReadOnlySpan<double> rows, int width, ReadOnlySpan<double> weights, Span<double> hessian)
        {
            var m = theta.Length;
            for (var i = 0; i < weights.Length; i++)
            {
                if (weights[i] == 0) { continue; }
                for (var j = 0; j < m; j++)
                {
                    _tape.Reverse(Run(theta, rows.Slice(i * width, width), along: j), _gradient, _product);
                    for (var k = 0; k < m; k++) { hessian[j * m + k] += weights[i] * _product[k]; }
                }
            }
        }

        Traced Run(ReadOnlySpan<double> theta, ReadOnlySpan<double> row, int along)
        {
            _tape.Reset();
            for (var j = 0; j < theta.Length; j++) { _variables[j] = _tape.Variable(theta[j], j == along ? 1 : 0); }
            return TFunction.Value<Traced>(_variables, row);
        }
    }
}
