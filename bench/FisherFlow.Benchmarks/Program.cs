using FisherFlow.Benchmarks;

// `--quick [rank|fold|cholesky|inverse|product|single|eigen|threads]` prints one table of kernels in a minute or two, `--quick estimators` one of whole
// estimators, `--quick densities` one of densities beside families written by hand, `--quick expressions` one of expressions beside C#, `--quick structures [slopes|diagonal|low-rank]` one of how structures
// grow, `--quick linear [ROWS]` one of ever longer streams, up to 10 million rows unless told; `--quick fit JOB FILE` is FisherFlow's part of bench/peers;
// anything else goes to BenchmarkDotNet.
if (args is ["--quick", "estimators"])
{
    EstimatorTable.Print(Console.Out);
    return;
}
if (args is ["--quick", "densities"])
{
    DensityTable.Print(Console.Out);
    return;
}
if (args is ["--quick", "expressions"])
{
    ExpressionTable.Print(Console.Out);
    return;
}
if (args is ["--quick", "linear", ..])
{
    LinearTable.Print(Console.Out, args.Length > 2 ? long.Parse(args[2], System.Globalization.CultureInfo.InvariantCulture) : 10_000_000);
    return;
}
if (args is ["--quick", "fit", var job, var path])
{
    MemoryFit.Print(Console.Out, job, path);
    return;
}
if (args is ["--quick", "structures", ..])
{
    StructureTable.Print(Console.Out, args.Length > 2 ? args[2] : "");
    return;
}
if (args is ["--quick", ..])
{
    QuickTable.Print(Console.Out, args.Length > 1 ? args[1] : "");
    return;
}
BenchmarkDotNet.Running.BenchmarkSwitcher.FromAssembly(typeof(QuickTable).Assembly).Run(args);
