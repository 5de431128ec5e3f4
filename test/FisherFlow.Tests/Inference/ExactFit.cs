using FisherFlow.Estimation;
using FisherFlow.Information;
using FisherFlow.Models;

namespace FisherFlow.Tests.Inference;

/// <summary>Newton's method over one block: an estimate of any model for tests of what is made of estimates.</summary>
static class ExactFit
{
    /// <summary>A block of dense columns, the intercept first unless the model is ordinal.</summary>
    public static Block Block(double[][] columns, double[] response, bool intercept = true)
    {
        var k = columns.Length + (intercept ? 1 : 0);
        var block = new Block(response.Length, k, 0, hasValues: false, hasTrials: false, hasClusters: false) { Count = response.Length };
        for (var i = 0; i < response.Length; i++)
        {
            if (intercept) { block.Dense[i * k] = 1; }
            for (var j = 0; j < columns.Length; j++) { block.Dense[i * k + k - columns.Length + j] = columns[j][i]; }
            (block.Response[i], block.Weight[i]) = (response[i], 1);
        }
        return block;
    }

    public static Estimate Fit(IModel model, DesignSchema schema, Block block) => Fit(model, schema, block, out _);

    public static Estimate Fit(IModel model, DesignSchema schema, Block block, out FullInformation information)
    {
        var identification = new Identification(schema, model);
        var shape = identification.Shape;
        var theta = new double[model.Dimension(shape)];
        var sums = ResponseSums.Empty;
        model.Summarise(block, 0, block.Count, ref sums);
        model.Start(shape, sums, block, theta);
        var workspace = new Workspace();
        for (var iteration = 0; ; iteration++)
        {
            var fit = new FitSums();
            var rows = iteration == 0
                ? model.WorkAtStart(block, 0, block.Count, shape, theta, ref fit, workspace)
                : model.Work(block, 0, block.Count, shape, theta, 0, default, ref fit, workspace);
            information = FullInformation.Create(theta.Length);
            information.Add(rows.Rows, rows.Weights, rows.Scores);
            var factor = information.Factorise(identification.Order(), default, default);
            if (iteration == 25)
            {
                return new()
                {
                    Shape = shape,
                    Theta = theta,
                    Factor = factor,
                    Separated = new bool[theta.Length],
                    Responses = sums,
                    Deviance = fit.Deviance,
                    Pearson = fit.Pearson,
                    NullDeviance = model.NullDeviance(sums, schema.HasIntercept, 0),
                    ScoreGauge = 0,
                    DistanceBound = 0,
                    Iterations = iteration,
                    Passes = iteration,
                    Converged = true,
                };
            }
            for (var j = 0; j < theta.Length; j++) { theta[j] += factor.Step.Span[j]; }
        }
    }
}
