using FisherFlow.Information;
using FisherFlow.Tests.Laws;
using MathNet.Numerics.LinearAlgebra;

namespace FisherFlow.Tests.Information;

/// <summary>What each structure keeps of an ill-conditioned problem, and where each says that nothing is left.</summary>
public sealed class AccuracyTests
{
    [Theory, Seeds(100)]
    public void The_square_root_is_the_gram_matrix_on_well_conditioned_rows(int seed)
    {
        var rows = RowSet.Rich(seed);
        var full = Into<FullInformation>(rows);
        var root = Into<SquareRootInformation>(rows);
        Close.Matrices(full.ToDense(), root.ToDense(), 1e-11);
        Close.Numbers(full.ResidualSum, root.ResidualSum, 1e-11);
        var order = Enumerable.Range(0, rows.Dimension).Reverse().ToArray();
        var (ofFull, ofRoot) = (full.Factorise(order, default, default), root.Factorise(order, default, default));
        Assert.Equal(ofFull.Kept, ofRoot.Kept);
        Close.Vectors(ofFull.Step.Span, ofRoot.Step.Span, 1e-8);
        Close.Vectors(ofFull.Upper, ofRoot.Upper, 1e-8);
        Close.Numbers(ofFull.ConditionNumber, ofRoot.ConditionNumber, 1e-6);
    }

    [Fact]
    public void A_polynomial_as_hard_as_filip_keeps_its_digits_in_the_square_root()
    {
        // The range, degree and coefficients of NIST's Filip on quarters, whose powers up to the tenth are exact in a double:
        // all that is lost is lost here. Scaled condition 5e9, so 1e-16 · 5e9 leaves six to eight digits; XᵀX leaves none.
        var (rows, coefficients) = Polynomial([-1467, -2772, -2316, -1128, -354, -75, -10.875, -1.0625, -0.0625, -0.00244140625, -0.00003814697265625]);
        var factor = Into<SquareRootInformation>(rows).Factorise([.. Enumerable.Range(0, 11)], default, default);
        Assert.Empty(factor.Aliased);
        for (var i = 0; i < 11; i++)
        {
            var digits = -Math.Log10(Math.Abs(factor.Step.Span[i] / coefficients[i] - 1));
            Assert.True(digits >= 6.8, $"coefficient {i} keeps {digits:F1} digits");
        }
        // A dense singular value decomposition of the scaled columns; it keeps 1e-16 · κ of the smallest value, so six digits.
        var x = Matrix<double>.Build.DenseOfRowMajor(rows.Count, 11, rows.Dense).NormalizeColumns(2);
        Close.Numbers(x.Svd(computeVectors: false).ConditionNumber, factor.ConditionNumber, 1e-4);
    }

    [Fact]
    public void The_gram_matrix_says_which_powers_it_cannot_tell_apart()
    {
        var (rows, _) = Polynomial([-1467, -2772, -2316, -1128, -354, -75, -10.875, -1.0625, -0.0625, -0.00244140625, -0.00003814697265625]);
        var factor = Into<FullInformation>(rows).Factorise([.. Enumerable.Range(0, 11)], default, default);
        Assert.NotEmpty(factor.Aliased);
        Assert.All(factor.Aliased, i => Assert.InRange(i, 7, 10));
    }

    [Fact]
    public void Evidence_folded_in_blocks_keeps_the_digits_too()
    {
        var (rows, coefficients) = Polynomial([1, 1, 1, 1, 1, 1]);
        var evidence = SquareRootInformation.Create(6);
        for (var start = 0; start < rows.Count; start += 7)
        {
            var part = rows.Slice(start, Math.Min(7, rows.Count - start));
            evidence += Into<SquareRootInformation>(part);
        }
        var step = evidence.Factorise([.. Enumerable.Range(0, 6)], default, default).Step.ToArray();
        Assert.All(step.Zip(coefficients), pair => Close.Numbers(pair.Second, pair.First, 1e-9));   // as NIST's Wampler1 asks
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_nested_factor_is_aliased_however_rare_its_levels_are(bool unequalWeights)
    {
        // 20 000 rows of 30 groups, the rarest of two rows, in 6 regions: each region is the sum of its groups.
        const int Count = 20_000, Groups = 30, Regions = 6, Dimension = 2 + Groups + Regions;
        var random = new Random(1);
        var dense = new double[Count * 2];
        var indices = new int[Count * 2];
        for (var r = 0; r < Count; r++)
        {
            var group = r < 2 ? Groups - 1 : (int)((Groups - 1) * Math.Pow(random.NextDouble(), 4));
            (dense[2 * r], dense[2 * r + 1]) = (1, 700 + 500 * RowSet.Normal(random));
            (indices[2 * r], indices[2 * r + 1]) = (2 + group, 2 + Groups + group % Regions);
        }
        double[] weights = [.. Enumerable.Range(0, Count).Select(_ => unequalWeights ? Math.Exp(-4 * random.NextDouble()) : 1)];
        var rows = new RowSet(Dimension, Count, 2, dense, 2, indices, [], weights, new double[Count]);
        int[] order = [.. Enumerable.Range(0, Dimension)];
        // The last group closes the intercept's trap; every region but none is left over.
        int[] expected = [2 + Groups - 1, .. Enumerable.Range(2 + Groups, Regions)];
        Assert.Equal(expected, Into<FullInformation>(rows).Factorise(order, default, default).Aliased);
        Assert.Equal(expected, Into<SquareRootInformation>(rows).Factorise(order, default, default).Aliased);
    }

    [Fact]
    public void A_rare_level_is_not_mistaken_for_a_dependence()
    {
        var rows = new RowSet(3, 50_000, 1, [.. Enumerable.Repeat(1.0, 50_000)], 1, [.. Enumerable.Range(0, 50_000).Select(r => r == 77 ? 2 : r % 2 == 0 ? 1 : -1)], [], [.. Enumerable.Repeat(0.25, 50_000)], new double[50_000]);
        Assert.Empty(Into<FullInformation>(rows).Factorise([0, 1, 2], default, default).Aliased);
        Assert.Empty(Into<SquareRootInformation>(rows).Factorise([0, 1, 2], default, default).Aliased);
    }

    [Fact]
    public void A_tolerance_that_is_given_is_the_relative_norm_that_counts()
    {
        // The second column is the first plus 1e-4 of something orthogonal.
        var rows = new RowSet(2, 2, 2, [1, 1, 0, 1e-4], 0, [], [], [1, 1], [0, 0]);
        foreach (var (tolerance, rank) in (ReadOnlySpan<(double, int)>)[(1e-3, 1), (1e-5, 2)])
        {
            Assert.Equal(rank, Into<FullInformation>(rows).Factorise([0, 1], default, default, tolerance).Rank);
            Assert.Equal(rank, Into<SquareRootInformation>(rows).Factorise([0, 1], default, default, tolerance).Rank);
        }
    }

    [Fact]
    public void A_prior_identifies_what_the_evidence_does_not()
    {
        var rows = new RowSet(3, 4, 3, [1, 2, 2, 1, 0, 0, 1, 1, 1, 1, 5, 5], 0, [], [], [1, 1, 1, 1], [1, 2, 3, 4]);
        double[] precision = [0, 0.5, 0.5];
        foreach (var factor in new[] { Into<FullInformation>(rows).Factorise([0, 1, 2], precision, default), Into<SquareRootInformation>(rows).Factorise([0, 1, 2], precision, default) })
        {
            Assert.Empty(factor.Aliased);
            Close.Numbers(factor.Step.Span[1], factor.Step.Span[2], 1e-12);   // twins share by symmetry
        }
    }

    static T Into<T>(RowSet rows) where T : class, IEvidence<T>
    {
        var evidence = T.Create(rows.Dimension);
        evidence.Add(rows.Rows, rows.Weights, rows.Scores);
        return evidence;
    }

    /// <summary>Exact rows of a polynomial on −9, −8.75 … −3, with its values rounded once.</summary>
    static (RowSet Rows, double[] Coefficients) Polynomial(double[] coefficients)
    {
        int degree = coefficients.Length - 1, count = 25;
        var dense = new double[count * coefficients.Length];
        var response = new double[count];
        for (var r = 0; r < count; r++)
        {
            var (sum, power, x) = (0m, 1m, -9m + r / 4m);
            for (var j = 0; j <= degree; j++)
            {
                dense[r * coefficients.Length + j] = (double)power;
                sum += (decimal)coefficients[j] * power;
                power *= x;
            }
            response[r] = (double)sum;
        }
        return (new(coefficients.Length, count, coefficients.Length, dense, 0, [], [], [.. Enumerable.Repeat(1.0, count)], response), coefficients);
    }
}
