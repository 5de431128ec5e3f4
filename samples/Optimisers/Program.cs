using FisherFlow.Estimation;
using FisherFlow.Information;
using FisherFlow.Models;
using FisherFlow.Optimisation;

// A stream of rows (1, x) with responses 1 + 2x and some noise.
static (double[] Row, double Response) At(int i) => ([1, Math.Sin(i)], 1 + 2 * Math.Sin(i) + 0.5 * Math.Cos(7 * i));

// A method is a tuple: structure, memory, estimate, step. Adam is one, and so is this.
Method<DiagonalInformation> own = (Structures.Diagonal, Retention.Average(0.99), Curvature.PerSample, Steps.Natural(Schedule.Power(0.1, 0.5), new(DampingKind.Relative, 0.01)));

foreach (var (name, method) in ((string, Method)[])[("Adam", Presets.Adam(0.01)), ("own", own)])
{
    var optimiser = method.Start([0, 0]);
    for (var i = 1; i <= 2000; i++)
    {
        var (x, y) = At(i);
        var residual = y - x[0] * optimiser.Theta[0] - x[1] * optimiser.Theta[1];
        optimiser.Step([residual * x[0], residual * x[1]]);   // the gradient of the log-likelihood, yours or a model's
    }
    Console.WriteLine($"{name,-6} {optimiser.Iterate[0]:F2} {optimiser.Iterate[1]:F2}   {optimiser.Description}");
}

// The converged regime is another type, and only it can be asked for errors: optimiser.TryCopyStandardErrors does not compile.
var filter = Presets.RecursiveLeastSquares(prior: 1e-6).Start([0, 0]);
var block = new Block(1, 2, 0, hasValues: false, hasTrials: false, hasClusters: false) { Count = 1 };
for (var i = 1; i <= 2000; i++)
{
    (block.Weight[0], (var row, block.Response[0])) = (1, At(i));
    row.CopyTo(block.Dense, 0);
    filter.Observe(ModelFactory.Create(new()), block);
}
var errors = new double[2];
if (filter.TryCopyStandardErrors(errors, out var reason)) { Console.WriteLine($"filter {filter.Theta[0]:F2} {filter.Theta[1]:F2}   ± {errors[0]:F3} {errors[1]:F3} in units of the noise"); }
else { Console.WriteLine(reason); }
