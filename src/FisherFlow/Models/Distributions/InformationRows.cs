namespace FisherFlow.Models.Distributions;

/// <summary>The information of one observation about its K predictors, <c>[K, K]</c>, as weighted combinations of them: <c>M = Σ λ_j a_j a_jᵀ</c> with the score <c>Σ r_j a_j</c>.</summary>
/// <remarks>Triangular (<c>LDLᵀ</c>) where M is positive definite, by eigenvectors otherwise. Nothing is allocated.</remarks>
ref struct InformationRows
{
    const double LeastPivot = 1e-10;
    const int Sweeps = 30;

    readonly int _count;
    readonly Span<double> _matrix;

    /// <summary>Takes M <c>[K, K]</c>, which is overwritten, and room for the rest.</summary>
    public InformationRows(int count, Span<double> matrix, Span<double> vectors, Span<double> weights, Span<double> scores)
    {
        _count = count;
        _matrix = matrix;
        Vectors = vectors;
        Weights = weights;
        Scores = scores;
    }

    /// <summary><c>a_j [K, K]</c>, row by row.</summary>
    public Span<double> Vectors { get; }

    /// <summary><c>λ_j [K]</c>, of any sign.</summary>
    public Span<double> Weights { get; }

    /// <summary><c>r_j [K]</c>.</summary>
    public Span<double> Scores { get; }

    /// <summary>Factors M for the score <c>s [K]</c>.</summary>
    public void Factor(ReadOnlySpan<double> score)
    {
        Vectors.Clear();
        for (var j = 0; j < _count; j++) { Vectors[j * _count + j] = 1; }
        if (IsDiagonal())
        {
            for (var j = 0; j < _count; j++) { (Weights[j], Scores[j]) = (_matrix[j * _count + j], score[j]); }
        }
        else if (TryTriangular()) { SolveScores(score); }
        else
        {
            Diagonalise();
            for (var j = 0; j < _count; j++)
            {
                Scores[j] = 0;
                for (var o = 0; o < _count; o++) { Scores[j] += Vectors[j * _count + o] * score[o]; }
            }
        }
    }

    readonly bool IsDiagonal()
    {
        for (var i = 0; i < _count; i++)
        {
            for (var j = 0; j < i; j++)
            {
                if (_matrix[i * _count + j] != 0) { return false; }
            }
        }
        return true;
    }

    /// <summary><c>M = LDLᵀ</c>, the columns of L into the rows of <see cref="Vectors"/>; false where a pivot is not clearly positive, and M is as it was.</summary>
    readonly bool TryTriangular()
    {
        for (var j = 0; j < _count; j++)
        {
            var pivot = _matrix[j * _count + j];
            for (var k = 0; k < j; k++) { pivot -= Weights[k] * Vectors[k * _count + j] * Vectors[k * _count + j]; }
            if (!(pivot > LeastPivot * Math.Abs(_matrix[j * _count + j])))
            {
                Vectors.Clear();
                for (var i = 0; i < _count; i++) { Vectors[i * _count + i] = 1; }
                return false;
            }
            Weights[j] = pivot;
            for (var i = j + 1; i < _count; i++)
            {
                var entry = _matrix[i * _count + j];
                for (var k = 0; k < j; k++) { entry -= Weights[k] * Vectors[k * _count + i] * Vectors[k * _count + j]; }
                Vectors[j * _count + i] = entry / pivot;
            }
        }
        return true;
    }

    /// <summary><c>L r = s</c>.</summary>
    readonly void SolveScores(ReadOnlySpan<double> score)
    {
        for (var i = 0; i < _count; i++)
        {
            Scores[i] = score[i];
            for (var j = 0; j < i; j++) { Scores[i] -= Vectors[j * _count + i] * Scores[j]; }
        }
    }

    /// <summary>Jacobi's rotations: eigenvectors into the rows of <see cref="Vectors"/>.</summary>
    readonly void Diagonalise()
    {
        for (var sweep = 0; sweep < Sweeps; sweep++)
        {
            var (off, all) = (0.0, 0.0);
            for (var i = 0; i < _count; i++)
            {
                for (var j = 0; j < _count; j++)
                {
                    var square = _matrix[i * _count + j] * _matrix[i * _count + j];
                    all += square;
                    off += i == j ? 0 : square;
                }
            }
            if (off <= 1e-32 * all) { break; }
            for (var p = 0; p < _count; p++)
            {
                for (var q = p + 1; q < _count; q++) { Rotate(p, q); }
            }
        }
        for (var j = 0; j < _count; j++) { Weights[j] = _matrix[j * _count + j]; }
    }

    readonly void Rotate(int p, int q)
    {
        var entry = _matrix[p * _count + q];
        if (entry == 0) { return; }
        var ratio = (_matrix[q * _count + q] - _matrix[p * _count + p]) / (2 * entry);
        var t = Math.CopySign(1, ratio) / (Math.Abs(ratio) + Math.Sqrt(ratio * ratio + 1));
        var c = 1 / Math.Sqrt(t * t + 1);
        var s = t * c;
        for (var k = 0; k < _count; k++)
        {
            var (x, y) = (_matrix[k * _count + p], _matrix[k * _count + q]);
            (_matrix[k * _count + p], _matrix[k * _count + q]) = (c * x - s * y, s * x + c * y);
        }
        for (var k = 0; k < _count; k++)
        {
            var (x, y) = (_matrix[p * _count + k], _matrix[q * _count + k]);
            (_matrix[p * _count + k], _matrix[q * _count + k]) = (c * x - s * y, s * x + c * y);
            (x, y) = (Vectors[p * _count + k], Vectors[q * _count + k]);
            (Vectors[p * _count + k], Vectors[q * _count + k]) = (c * x - s * y, s * x + c * y);
        }
    }
}
