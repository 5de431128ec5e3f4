namespace FisherFlow.Likelihoods;

/// <summary>What an estimator asks of a likelihood, whether compiled from C# or read from an expression: values, gradients and Hessians over blocks of rows, in the user's scale.</summary>
/// <remarks>
/// Two kinds. A density gives <c>log p(row | θ)</c>. A least-squares model gives the mean <c>f(θ, x)</c>, and the row's last number is the response; its noise is gaussian with a
/// variance that is estimated. <b>Shape</b>: rows <c>[n, columns]</c>, row by row. <b>Threads</b>: one at a time, as scratch is reused; <see cref="Fork"/> gives another thread its own.
/// </remarks>
public abstract class LikelihoodModel
{
    /// <summary>Describes a model.</summary>
    /// <param name="space">Its parameters.</param>
    /// <param name="columns">The numbers of a row, the response last where there is one.</param>
    /// <param name="isLeastSquares">Whether values are means of a response.</param>
    protected LikelihoodModel(ParameterSet space, IReadOnlyList<string> columns, bool isLeastSquares) => (Space, Columns, IsLeastSquares) = (space, columns, isLeastSquares);

    /// <summary>The parameters.</summary>
    public ParameterSet Space { get; }

    /// <summary>The numbers that make a row.</summary>
    public IReadOnlyList<string> Columns { get; }

    /// <summary>Whether values are means of the response that is a row's last number; else they are log-densities.</summary>
    public bool IsLeastSquares { get; }

    /// <summary>Whether outcomes can be drawn from it, as Monte Carlo information needs: least squares knows its gaussian noise, a density has to be told.</summary>
    public bool CanSample => IsLeastSquares || Sampler is not null;

    /// <summary>Draws outcomes of a density, or null.</summary>
    internal OutcomeSampler? Sampler { get; init; }

    /// <summary>A name that tells the model from others: states of models with different names do not merge.</summary>
    public abstract string Name { get; }

    /// <summary>The model of a log-density in C#.</summary>
    /// <typeparam name="TLikelihood">The density.</typeparam>
    public static LikelihoodModel Of<TLikelihood>() where TLikelihood : ILikelihood => new CompiledModel<Density<TLikelihood>>(new(TLikelihood.Parameters), TLikelihood.Columns, isLeastSquares: false, typeof(TLikelihood).Name);

    /// <summary>The model of a log-density in C# that can also draw outcomes.</summary>
    /// <typeparam name="TLikelihood">The density.</typeparam>
    public static LikelihoodModel OfSampled<TLikelihood>() where TLikelihood : ISampledLikelihood =>
        new CompiledModel<Density<TLikelihood>>(new(TLikelihood.Parameters), TLikelihood.Columns, isLeastSquares: false, typeof(TLikelihood).Name) { Sampler = new CompiledSampler<TLikelihood>() };

    /// <summary>The model of a mean in C#, with gaussian noise.</summary>
    /// <typeparam name="TModel">The mean.</typeparam>
    public static LikelihoodModel OfMean<TModel>() where TModel : INonlinearModel => new CompiledModel<Mean<TModel>>(new(TModel.Parameters), [.. TModel.Predictors, "response"], isLeastSquares: true, typeof(TModel).Name);

    /// <summary>Values at θ, with gradients unless none are asked for.</summary>
    /// <param name="theta">θ <c>[m]</c>.</param>
    /// <param name="rows">Rows <c>[n, columns]</c>.</param>
    /// <param name="values">Receives the values <c>[n]</c>; NaN or infinite where the model gives nothing.</param>
    /// <param name="gradients">Receives <c>∂value/∂θ [n, m]</c>, or empty.</param>
    public abstract void Evaluate(ReadOnlySpan<double> theta, ReadOnlySpan<double> rows, Span<double> values, Span<double> gradients);

    /// <summary>Adds <c>Σᵢ wᵢ ∂²valueᵢ/∂θ∂θᵀ</c>.</summary>
    /// <param name="theta">θ <c>[m]</c>.</param>
    /// <param name="rows">Rows <c>[n, columns]</c>.</param>
    /// <param name="weights">Weights <c>[n]</c>, of any sign.</param>
    /// <param name="hessian">Receives the sum, <c>[m, m]</c>, both triangles.</param>
    public abstract void AddHessian(ReadOnlySpan<double> theta, ReadOnlySpan<double> rows, ReadOnlySpan<double> weights, Span<double> hessian);

    /// <summary>The same model with scratch of its own.</summary>
    public abstract LikelihoodModel Fork();
}
