using System.Numerics.Tensors;
using FisherFlow.Numerics;

namespace FisherFlow.Information;

/// <summary>The information of a matrix of parameters as one factor for inputs and one for outputs, <c>I = A ⊗ B / τ</c>.</summary>
/// <remarks>
/// The parameter is vec(W), column by column, of <c>W [p, m]</c> (outputs × inputs): parameter <c>j·p + i</c> is <c>W[i, j]</c>. A row of evidence is a matrix
/// <c>X [p, m]</c>, for a layer the product <c>g aᵀ</c> of output gradient and input. Kept are the partial traces <c>A = Σ w XᵀX</c>, <c>B = Σ w XXᵀ</c> and
/// their common trace τ: sums, so merging is exact, and I has the partial traces and the trace of the full information. For pairs that is
/// <c>A = Σ w‖g‖²aaᵀ</c>, <c>B = Σ w‖a‖²ggᵀ</c>, which is K-FAC's product of means where lengths of inputs and gradients are unrelated, and exact for one
/// observation, rank-one factors and a Gaussian linear layer. Shapes: <c>[m, m]</c>, <c>[p, p]</c>.
/// Cost: <c>O(m² + p²)</c> a pair, <c>O(m²p + mp²)</c> a dense row, <c>O(m³ + p³)</c> a solve. Allocates: nothing per row once warm.
/// Source: Martens &amp; Grosse (2015); the partial traces are one step of the power method towards the nearest Kronecker product (Van Loan &amp; Pitsianis 1993).
/// </remarks>
public sealed partial class KroneckerInformation : IInformation<KroneckerInformation>
{
    const double Rounding = 1e-15;   // eigenvalues of a factor below this multiple of its size times its largest are rounding alone
    const int FewEntries = 24;       // rows with at most this many non-zeros are added pair by pair

    readonly RowEntries _row = new();
    readonly double[] _a;   // [m, m], upper triangle
    readonly double[] _b;   // [p, p], upper triangle
    double[] _dense = [], _turned = [], _weights = [];
    (KroneckerBasis Basis, double[] Values)? _spectrum;   // asked for again and again while rows do not come

    /// <summary>No evidence about a matrix of parameters.</summary>
    /// <param name="inputs">Columns <c>m</c>.</param>
    /// <param name="outputs">Rows <c>p</c>.</param>
    public KroneckerInformation(int inputs, int outputs)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(inputs);
        ArgumentOutOfRangeException.ThrowIfNegative(outputs);
        (Inputs, Outputs, Dimension) = (inputs, outputs, checked(inputs * outputs));
        (_a, _b) = (new double[inputs * inputs], new double[outputs * outputs]);
    }

    /// <inheritdoc/>
    public static Exactness Merging => Exactness.Exact;

    /// <inheritdoc/>
    public static string Name => "kronecker";

    /// <inheritdoc/>
    public static bool UnderstatesVariance => true;

    /// <inheritdoc/>
    public int Dimension { get; }

    /// <summary>Columns of the matrix of parameters, <c>m</c>.</summary>
    public int Inputs { get; }

    /// <summary>Rows of the matrix of parameters, <c>p</c>.</summary>
    public int Outputs { get; }

    /// <summary>The eigenvectors of both factors.</summary>
    internal KroneckerBasis Basis => Spectrum().Basis;

    /// <inheritdoc/>
    public void Add(ReadOnlySpan<double> a, double weight)
    {
        RowCheck.Verify(a, weight, Dimension);
        AddRow(new DesignRows(1, Dimension, a, 0, default, default), 0, weight);
    }

    /// <inheritdoc/>
    public void Add(in DesignRows rows, ReadOnlySpan<double> weights)
    {
        RowCheck.Verify(rows, weights, Dimension);
        for (var r = 0; r < rows.Count; r++) { AddRow(rows, r, weights[r]); }
    }

    /// <summary>Adds observations of a layer, <c>X = g aᵀ</c> each.</summary>
    /// <remarks>Cost: <c>O(n(m² + p²))</c>.</remarks>
    /// <param name="inputs">Inputs <c>[n, m]</c>, row by row.</param>
    /// <param name="gradients">Gradients of the log-likelihood at the outputs, <c>[n, p]</c>, row by row.</param>
    /// <param name="weights">Weights <c>[n]</c>, at least 0.</param>
    /// <exception cref="ArgumentException">A length is wrong, or a number is not finite; nothing was added.</exception>
    public void AddPairs(ReadOnlySpan<double> inputs, ReadOnlySpan<double> gradients, ReadOnlySpan<double> weights)
    {
        LayerPairs.Verify(inputs, Inputs, gradients, Outputs, weights);
        var n = weights.Length;
        if (_weights.Length < 2 * n) { _weights = new double[2 * n]; }
        Span<double> byGradient = _weights.AsSpan(0, n), byInput = _weights.AsSpan(n, n);
        for (var r = 0; r < n; r++)
        {
            byGradient[r] = weights[r] * TensorPrimitives.SumOfSquares(gradients.Slice(r * Outputs, Outputs));
            byInput[r] = weights[r] * TensorPrimitives.SumOfSquares(inputs.Slice(r * Inputs, Inputs));
        }
        Kernels.RankUpdate(_a, Inputs, inputs, Inputs, n, Inputs, byGradient);
        Kernels.RankUpdate(_b, Outputs, gradients, Outputs, n, Outputs, byInput);
        _spectrum = null;
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">The other one belongs to a matrix of another shape.</exception>
    public void operator +=(KroneckerInformation other)
    {
        RowCheck.SameDimension(other.Dimension, Dimension);
        if (other.Inputs != Inputs) { throw new ArgumentException($"an information of {other.Outputs} × {other.Inputs} parameters cannot be added to one of {Outputs} × {Inputs}", nameof(other)); }
        TensorPrimitives.Add(_a, other._a, _a);
        TensorPrimitives.Add(_b, other._b, _b);
        _spectrum = null;
    }

    /// <inheritdoc/>
    public void operator *=(double retention)
    {
        RowCheck.Retention(retention);
        TensorPrimitives.Multiply(_a, retention, _a);
        TensorPrimitives.Multiply(_b, retention, _b);
        _spectrum = null;
    }

    /// <inheritdoc/>
    public void Multiply(ReadOnlySpan<double> x, Span<double> y)
    {
        RowCheck.Length(x.Length, Dimension, nameof(x));
        RowCheck.Length(y.Length, Dimension, nameof(y));
        var trace = Trace();
        if (trace == 0)
        {
            y.Clear();
            return;
        }
        var work = new double[Dimension];
        Kernels.Multiply(work, Outputs, Mirrored(_a, Inputs), Inputs, x, Outputs, Inputs, Outputs, Inputs);
        Kernels.Multiply(y, Outputs, work, Outputs, Mirrored(_b, Outputs), Outputs, Inputs, Outputs, Outputs);
        TensorPrimitives.Divide(y, trace, y);
    }

    /// <inheritdoc/>
    /// <remarks>Exact damping, through eigenvectors of both factors, which are found once between two rows. <see cref="SolveFactored"/> is cheaper.</remarks>
    public SolveStatus Solve(ReadOnlySpan<double> b, Span<double> x, double damping) => Spectrum().Basis.Solve(Spectrum().Values, b, x, damping, root: false);

    /// <summary>Solves with both factors damped, <c>((Â + π√δ·1) ⊗ (B̂ + √δ/π·1)) x = b</c>, <c>Â ⊗ B̂ = I</c>.</summary>
    /// <remarks>
    /// π² is the ratio of the mean eigenvalues of the factors. Damps more than δ in every direction but those without information. Cost: two Cholesky
    /// factors, <c>O(m³ + p³)</c> with a small constant. Source: Martens &amp; Grosse (2015), §6.3.
    /// </remarks>
    /// <param name="b">Right side <c>[d]</c>.</param>
    /// <param name="x">The solution <c>[d]</c>; as it was when the solve fails.</param>
    /// <param name="damping">δ ≥ 0.</param>
    public SolveStatus SolveFactored(ReadOnlySpan<double> b, Span<double> x, double damping)
    {
        RowCheck.Length(b.Length, Dimension, nameof(b));
        RowCheck.Length(x.Length, Dimension, nameof(x));
        var trace = Trace();
        if (trace == 0 && damping == 0 && Dimension > 0) { return new(0); }
        // Â = A/√τ and B̂ = B/√τ have one trace, so the mean eigenvalues are as p to m.
        double[] left = new double[_a.Length], right = new double[_b.Length];
        if (trace > 0)
        {
            TensorPrimitives.Multiply(_a, 1 / Math.Sqrt(trace), left);
            TensorPrimitives.Multiply(_b, 1 / Math.Sqrt(trace), right);
        }
        var pi = Math.Sqrt((double)Outputs / Inputs);
        var (a, g) = (DampedFactor.OfGram(left, Inputs, pi * Math.Sqrt(damping)), DampedFactor.OfGram(right, Outputs, Math.Sqrt(damping) / pi));
        if (a.Status.FailedPivot is { } input) { return new(input * Outputs); }
        if (!g.Status.IsSolved) { return g.Status; }
        double[] solution = b.ToArray(), column = new double[Inputs];
        for (var j = 0; j < Inputs; j++) { g.Solve(solution.AsSpan(j * Outputs, Outputs), solution.AsSpan(j * Outputs, Outputs)); }
        for (var i = 0; i < Outputs; i++)
        {
            for (var j = 0; j < Inputs; j++) { column[j] = solution[j * Outputs + i]; }
            a.Solve(column, column);
            for (var j = 0; j < Inputs; j++) { solution[j * Outputs + i] = column[j]; }
        }
        solution.CopyTo(x);
        return SolveStatus.Solved;
    }

    /// <inheritdoc/>
    public SolveStatus SolveSquareRoot(ReadOnlySpan<double> b, Span<double> x, double damping) => Spectrum().Basis.Solve(Spectrum().Values, b, x, damping, root: true);

    /// <inheritdoc/>
    public SolveStatus InverseDiagonal(Span<double> diagonal, double damping) => Spectrum().Basis.InverseDiagonal(Spectrum().Values, diagonal, damping);

    /// <inheritdoc/>
    public void CopyDiagonal(Span<double> diagonal)
    {
        RowCheck.Length(diagonal.Length, Dimension, nameof(diagonal));
        var trace = Trace();
        for (var k = 0; k < Dimension; k++)
        {
            diagonal[k] = trace == 0 ? 0 : _a[k / Outputs * (Inputs + 1)] * (_b[k % Outputs * (Outputs + 1)] / trace);
        }
    }

    /// <inheritdoc/>
    public double LogDeterminant(double damping) => Spectrum().Basis.LogDeterminant(Spectrum().Values, damping);

    /// <inheritdoc/>
    public double Trace()
    {
        var trace = 0.0;
        for (var j = 0; j < Inputs; j++) { trace += _a[j * (Inputs + 1)]; }
        return trace;
    }

    /// <inheritdoc/>
    public SolveStatus Sample(ReadOnlySpan<double> normals, Span<double> x, double damping) =>
        Spectrum().Basis.Solve(Spectrum().Values, normals, x, damping, root: true, coordinates: true);

    /// <inheritdoc/>
    /// <exception cref="NotSupportedException">Parameters grow or change places: another order would not be a Kronecker product.</exception>
    public void Remap(ReadOnlySpan<int> map, int dimension) => KroneckerBasis.RequireSamePlaces(map, Dimension, dimension);
}
