using FisherFlow.Benchmarks;

// `--quick [rank|fold|cholesky|inverse|product|single|eigen|threads]` prints one table of kernels in a minute or two, `--quick estimators` one of whole
// estimators, `--quick structures [slopes|diagonal|low-rank]` one of how structures grow; anything else goes to BenchmarkDotNet.
if (args is ["--quick", "estimators"])
{
    EstimatorTable.Print(Console.Out);
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
