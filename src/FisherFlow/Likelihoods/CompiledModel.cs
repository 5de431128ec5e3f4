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

/// <summary>A model whose row function is C#: recorded and then run for blocks of rows, or differentiated by running it over numbers that carry derivatives.</summary>
/// <remarks>A function that asks for values that depend on θ cannot be recorded. Then it goes row by row: up to five parameters by jets along all of them at once, more by the reverse tape, whose cost does not grow with them.</remarks>
sealed class CompiledModel<TFunction> : LikelihoodModel where TFunction : IRowFunction
{
    readonly RecordedRows<TFunction> _recorded;
    readonly Real[] _real;
    readonly IDerivatives _derivatives;

    public CompiledModel(ParameterSet space, IReadOnlyList<string> columns, bool isLeastSquares, string name)
        : base(space, columns, isLeastSquares)
    {
        Name = name;
        _real = new Real[space.Natural];
        _recorded = new(this);
        _derivatives = space.Natural switch
        {
            1 => new ByJets<One>(),
            2 => new ByJets<Two>(),
            3 => new ByJets<Three>(),
            4 => new ByJets<Four>(),
            5 => new ByJets<Five>(),
            var m => new ByTape(m),
        };
    }

    public override string Name { get; }

    public override LikelihoodModel Fork() => new CompiledModel<TFunction>(Space, Columns, IsLeastSquares, Name) { Sampler = Sampler?.Fork() };

    public override void Evaluate(ReadOnlySpan<double> theta, ReadOnlySpan<double> rows, Span<double> values, Span<double> gradients)
    {
        var (width, m) = (Columns.Count, theta.Length);
        for (var start = 0; start < values.Length; start += RecordedRows<TFunction>.Block)
        {
            var count = Math.Min(RecordedRows<TFunction>.Block, values.Length - start);
            var block = rows.Slice(start * width, count * width);
            var some = gradients.IsEmpty ? default : gradients.Slice(start * m, count * m);
            if (!_recorded.TryEvaluate(theta, block, values.Slice(start, count), some)) { EvaluateByRow(theta, block, values.Slice(start, count), some); }
        }
    }

    public override void AddHessian(ReadOnlySpan<double> theta, ReadOnlySpan<double> rows, ReadOnlySpan<double> weights, Span<double> hessian)
    {
        var width = Columns.Count;
        for (var start = 0; start < weights.Length; start += RecordedRows<TFunction>.Block)
        {
            var count = Math.Min(RecordedRows<TFunction>.Block, weights.Length - start);
            var block = rows.Slice(start * width, count * width);
            if (!_recorded.TryAddHessian(theta, block, weights.Slice(start, count), hessian)) { _derivatives.AddHessian(theta, block, width, weights.Slice(start, count), hessian); }
        }
    }

    /// <summary>The same by numbers that carry derivatives.</summary>
    void EvaluateByRow(ReadOnlySpan<double> theta, ReadOnlySpan<double> rows, Span<double> values, Span<double> gradients)
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
