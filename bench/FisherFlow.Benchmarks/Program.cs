using FisherFlow.Benchmarks;

if (args is ["--quick", ..])
{
    QuickTable.Print(Console.Out, args.Length > 1 ? args[1] : "");
    return;
}
BenchmarkDotNet.Running.BenchmarkSwitcher.FromAssembly(typeof(QuickTable).Assembly).Run(args);
