using FisherFlow.Differentiation;
using FisherFlow.Likelihoods;

namespace FisherFlow.Tests.Likelihoods;

/// <summary>Constraints as changes of coordinates: what is invariant, what is not, and by how much.</summary>
public sealed class ParameterSetTests
{
    static readonly ParameterSet _set = new([Parameter.Free("a"), Parameter.Positive("s"), Parameter.Unit("p"), Parameter.Between("c", -2, 5), Parameter.Ordered("o", 3), Parameter.Correlation("r", 3)]);
    static readonly double[] _phi = [0.3, -0.7, 1.2, 0.4, -1, 0.2, -0.3, 0.5, -0.4, 0.8];

    [Fact]
    public void Values_go_to_free_coordinates_and_back()
    {
        var set = new ParameterSet([Parameter.Simplex("q", 4), Parameter.Ordered("o", 3), Parameter.Correlation("r", 3), Parameter.Between("b", double.NegativeInfinity, 2)]);
        double[] theta = [0.1, 0.2, 0.3, 0.4, -1, 0.5, 0.6, 0.2, -0.3, 0.4, 1.5];
        var (phi, back) = (new double[set.Free], new double[set.Natural]);
        set.ToFree(theta, phi);
        set.ToNatural(phi, back);

        LikelihoodEstimatorTests.Close(theta, back, 1e-13);
    }

    [Fact]
    public void The_Jacobian_is_that_of_differences()
    {
        var (jacobian, up, down) = (new double[_set.Natural * _set.Free], new double[_set.Natural], new double[_set.Natural]);
        _set.Jacobian(_phi, jacobian);
        for (var j = 0; j < _set.Free; j++)
        {
            var moved = (double[])_phi.Clone();
            moved[j] = _phi[j] + 1e-6;
            _set.ToNatural(moved, up);
            moved[j] = _phi[j] - 1e-6;
            _set.ToNatural(moved, down);
            for (var k = 0; k < _set.Natural; k++) { Assert.Equal((up[k] - down[k]) / 2e-6, jacobian[k * _set.Free + j], 1e-8); }   // the error of central differences
        }
    }

    /// <summary>CK-12: the natural gradient is a vector. Pushed forward by the change of coordinates it is the natural gradient there.</summary>
    [Fact]
    public void The_natural_gradient_does_not_depend_on_coordinates()
    {
        var q = _set.Free;
        var random = new Random(1);
        var (score, information, jacobian) = (new double[q], new double[q * q], new double[q * q]);
        var root = Enumerable.Range(0, q * q).Select(_ => SimulatedRows.Normal(random)).ToArray();
        for (var i = 0; i < q; i++)
        {
            score[i] = SimulatedRows.Normal(random);
            for (var j = 0; j < q; j++) { information[i * q + j] = (i == j ? 1 : 0) + Enumerable.Range(0, q).Sum(k => root[k * q + i] * root[k * q + j]); }
        }
        _set.Jacobian(_phi, jacobian);
        var freeInformation = SymmetricSystem.Congruence(information, jacobian, q, q);
        var freeScore = Enumerable.Range(0, q).Select(j => Enumerable.Range(0, q).Sum(k => jacobian[k * q + j] * score[k])).ToArray();
        var (direction, freeDirection) = (new double[q], new double[q]);
        Assert.True(SymmetricSystem.TrySolve(information, default, score, direction));
        Assert.True(SymmetricSystem.TrySolve(freeInformation, default, freeScore, freeDirection));

        var pushed = Enumerable.Range(0, q).Select(k => Enumerable.Range(0, q).Sum(j => jacobian[k * q + j] * freeDirection[j])).ToArray();
        LikelihoodEstimatorTests.Close(direction, pushed, 1e-10);
    }

    /// <summary>CK-11: a step of finite length does depend on them, by the square of its length.</summary>
    [Fact]
    public void A_finite_step_in_p_and_in_its_logit_differ_by_the_square_of_the_step()
    {
        double[] gaps = [.. new[] { 0.4, 0.2, 0.1, 0.05 }.Select(eta => Math.Abs(Step(Parameter.Free("p"), eta) - Step(Parameter.Unit("p"), eta)))];

        Assert.Equal(0.46, Step(Parameter.Free("p"), 0.4), 1e-12);
        Assert.Equal(0.478665, Step(Parameter.Unit("p"), 0.4), 1e-6);
        LikelihoodEstimatorTests.Close([1.866e-2, 5.48e-3, 1.454e-3, 3.727e-4], gaps, 1e-5);
        Assert.InRange(gaps[2] / gaps[3], 3.8, 4.0);
    }

    /// <summary>CK-27: the Hessian is no tensor: it gains <c>Σ sₖ ∂²θₖ/∂φ∂φᵀ</c>, nothing where the score is zero.</summary>
    [Fact]
    public void The_Hessian_gains_the_score_times_the_curvature_of_the_map()
    {
        var set = new ParameterSet([Parameter.Ordered("o", 3)]);
        double[] phi = [0.4, -0.2, 0.6], theta = new double[3], jacobian = new double[9], score = new double[3];
        set.ToNatural(phi, theta);
        set.Jacobian(phi, jacobian);
        var (hessian, direct) = (new double[9], new double[9]);
        for (var i = 0; i < 3; i++)
        {
            for (var j = 0; j < 3; j++)
            {
                hessian[i * 3 + j] = Second(theta, i, j, x => Density<Jet>(x));
                direct[i * 3 + j] = Second(phi, i, j, x =>
                {
                    var moved = new Jet[3];
                    OrderedMap.Forward<Jet>(x, moved);
                    return Density<Jet>(moved);
                });
            }
            var at = theta.Select((t, k) => new Jet(t, k == i ? 1 : 0)).ToArray();
            score[i] = Density<Jet>(at).First;
        }
        var moved = SymmetricSystem.Congruence(hessian, jacobian, 3, 3);
        Assert.NotEqual(direct[8], moved[8], 1e-3);
        set.AddCurvature(phi, score, moved);

        LikelihoodEstimatorTests.Close(direct, moved, 1e-8);
    }

    static T Density<T>(ReadOnlySpan<T> x) where T : struct, IScalar<T> => T.Exp(x[0]) * x[1] - T.Square(x[2] - x[1]) + T.Sin(x[0] * x[2]);

    static double Second(double[] at, int i, int j, Func<Jet[], Jet> f)
    {
        double Along(int a, int b) => f([.. at.Select((x, k) => new Jet(x, k == a || k == b ? 1 : 0))]).Second;
        return i == j ? Along(i, i) : 0.5 * (Along(i, j) - Along(i, i) - Along(j, j));
    }

    /// <summary>One natural step of a Bernoulli mean of 0.3 towards 0.7.</summary>
    static double Step(Parameter parameter, double eta)
    {
        var set = new ParameterSet([parameter]);
        double[] phi = new double[1], theta = [0.3], jacobian = new double[1];
        set.ToFree(theta, phi);
        set.Jacobian(phi, jacobian);
        var (score, information) = ((0.7 - 0.3) / (0.3 * 0.7), 1 / (0.3 * 0.7));
        phi[0] += eta * (jacobian[0] * score) / (jacobian[0] * jacobian[0] * information);
        set.ToNatural(phi, theta);
        return theta[0];
    }
}
