using FisherFlow.Benchmarks;

// `--quick [rank|fold|cholesky|inverse|product|single|eigen|threads]` prints one table in a minute or two; anything else goes to BenchmarkDotNet.
if (args is ["--quick", ..])
{
    QuickTable.Print(Console.Out, args.Length > 1 ? args[1] : "");
    return;
}
BenchmarkDotNet.Running.BenchmarkSwitcher.FromAssembly(typeof(QuickTable).Assembly).Run(args);
