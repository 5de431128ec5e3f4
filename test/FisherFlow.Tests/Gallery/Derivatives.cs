using FisherFlow.Differentiation;
using FisherFlow.Models.Distributions;

namespace FisherFlow.Tests.Gallery;

/// <summary>Score and Hessian of a log-density about its parameters, by jets along coordinate directions and their sums.</summary>
sealed record Derivatives(double Value, double[] Score, double[] Hessian)
{
    public static Derivatives Of(IDistribution distribution, in Outcome outcome, double[] parameters)
    {
        var k = parameters.Length;
        var (score, hessian, value) = (new double[k], new double[k * k], 0.0);
        for (var i = 0; i < k; i++)
        {
            var along = Along(distribution, outcome, parameters, i, i);
            (value, score[i], hessian[i * k + i]) = (along.Value, along.First, along.Second);
        }
        for (var i = 0; i < k; i++)
        {
            for (var j = 0; j < i; j++)
            {
                var sum = Along(distribution, outcome, parameters, i, j).Second;
                hessian[i * k + j] = hessian[j * k + i] = 0.5 * (sum - hessian[i * k + i] - hessian[j * k + j]);
            }
        }
        return new(value, score, hessian);
    }

    /// <summary>The score's outer product, row by row.</summary>
    public double[] Outer()
    {
        var k = Score.Length;
        var outer = new double[k * k];
        for (var i = 0; i < outer.Length; i++) { outer[i] = Score[i / k] * Score[i % k]; }
        return outer;
    }

    static Jet Along(IDistribution distribution, in Outcome outcome, double[] parameters, int i, int j)
    {
        var jets = new Jet[parameters.Length];
        for (var p = 0; p < jets.Length; p++) { jets[p] = new(parameters[p], p == i || p == j ? 1 : 0); }
        return distribution.LogDensity<Jet>(outcome, jets);
    }
}
