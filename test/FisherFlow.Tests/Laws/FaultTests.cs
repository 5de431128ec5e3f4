using System.Reflection;
using FisherFlow.Information;
using FisherFlow.Snapshots;

namespace FisherFlow.Tests.Laws;

/// <summary>The laws themselves on trial: a structure that breaks one rule must break a law.</summary>
public sealed class FaultTests
{
    public static TheoryData<Fault> Faults => [.. Enum.GetValues<Fault>()];

    [Theory, MemberData(nameof(Faults))]
    public void Every_fault_is_caught_by_a_law_and_a_sound_structure_by_none(Fault fault)
    {
        FaultyInformation.Fault = fault;
        try
        {
            var broken = Laws().Where(law => Breaks(law.Method, law.Arguments)).Select(law => law.Method.Name).ToList();
            if (fault == Fault.None) { Assert.Empty(broken); } else { Assert.NotEmpty(broken); }
        }
        finally { FaultyInformation.Fault = Fault.None; }
    }

    static IEnumerable<(MethodInfo Method, object[] Arguments)> Laws()
    {
        foreach (var method in typeof(FaultyLaws).GetMethods().Where(m => m.GetCustomAttribute<FactAttribute>() is not null))
        {
            if (method.GetParameters() is not [var parameter]) { yield return (method, []); }
            else if (parameter.ParameterType == typeof(double)) { yield return (method, [-0.5]); }
            // The sampled covariance is left out: it takes as long as all the others.
            else if (method.GetCustomAttribute<SeedsAttribute>() is not null && !method.Name.StartsWith("The_covariance", StringComparison.Ordinal)) { for (var seed = 0; seed < 3; seed++) { yield return (method, [seed]); } }
        }
    }

    static bool Breaks(MethodInfo method, object[] arguments)
    {
        try
        {
            method.Invoke(new FaultyLaws(), arguments);
            return false;
        }
        catch (TargetInvocationException)
        {
            return true;
        }
    }

    sealed class FaultyLaws : InformationLaws<FaultyInformation>
    {
        protected override FaultyInformation Create(int dimension) => new(new(dimension));

        protected override double[,] Projection(RowSet rows) => rows.Gram();
    }
}

public enum Fault
{
    None, IgnoresWeights, SkipsLastRow, CountsTwice, MergesTwice, ChangesTheMerged, ForgetsToFade, ScalesWrongly, MultipliesByHalf, IgnoresDamping, DampsTwice, SolvesForTheWrongSide,
    RootIsNotSymmetric, WrongInverse, WrongDiagonal, WrongDeterminant, WrongTrace, WrongSample, MovesNothing, EmptyIsFull, CopyIsShared, SnapshotRounds, AnswersWhenSingular, WritesWhenSingular,
    TakesNaN, AddsBeforeItRefuses, QuestionsChange, Allocates, WrongLength,
}

/// <summary>The full information with one thing wrong.</summary>
sealed class FaultyInformation(FullInformation inner) : IInformation<FaultyInformation>
{
    [field: ThreadStatic] public static Fault Fault { get; set; }

    public static Exactness Merging => Exactness.Exact;
    public static string Name => "faulty";
    public static bool UnderstatesVariance => false;
    public int Dimension => inner.Dimension;

    public void Add(ReadOnlySpan<double> a, double weight)
    {
        if (Is(Fault.TakesNaN) && !double.IsFinite(weight)) { return; }
        if (Is(Fault.Allocates)) { GC.KeepAlive(new object()); }
        inner.Add(a, Is(Fault.CountsTwice) ? 2 * weight : weight);
    }

    public void Add(in DesignRows rows, ReadOnlySpan<double> weights)
    {
        if (Is(Fault.AddsBeforeItRefuses) && rows.Count > 1 && weights.Length == rows.Count)
        {
            for (var r = 0; r < rows.Count; r++) { inner.Add(rows.Slice(r, 1), weights.Slice(r, 1)); }
            return;
        }
        if (Is(Fault.SkipsLastRow) && rows.Count > 1) { inner.Add(rows, weights); inner.Correct(rows.Slice(rows.Count - 1, 1), [-weights[^1]]); return; }
        if (Is(Fault.IgnoresWeights)) { var ones = weights.ToArray(); for (var i = 0; i < ones.Length; i++) { ones[i] = ones[i] > 0 ? 1 : ones[i]; } inner.Add(rows, ones); return; }
        inner.Add(rows, weights);
    }

    public void operator +=(FaultyInformation other)
    {
        var own = inner;
        own += other.Inner;
        if (Is(Fault.MergesTwice)) { own += other.Inner; }
        if (Is(Fault.ChangesTheMerged)) { other *= 0.5; }
    }

    public void operator *=(double retention)
    {
        var own = inner;
        own *= Is(Fault.ForgetsToFade) && retention > 0 ? 1 : Is(Fault.ScalesWrongly) ? Math.Sqrt(retention) : retention;
    }

    public void Multiply(ReadOnlySpan<double> x, Span<double> y)
    {
        inner.Multiply(x, y);
        if (Is(Fault.MultipliesByHalf)) { foreach (ref var value in y) { value /= 2; } }
    }

    public SolveStatus Solve(ReadOnlySpan<double> b, Span<double> x, double damping)
    {
        if (Is(Fault.WrongLength) && b.Length != Dimension) { return default; }
        var own = inner;
        if (Is(Fault.QuestionsChange)) { own *= 1 + 1e-15; }
        var status = inner.Solve(b, x, Is(Fault.IgnoresDamping) ? 0 : Is(Fault.DampsTwice) ? 2 * damping : damping);
        if (status.IsSolved && Is(Fault.SolvesForTheWrongSide)) { x.Reverse(); }
        if (!status.IsSolved && Is(Fault.WritesWhenSingular)) { x.Clear(); }
        return Is(Fault.AnswersWhenSingular) ? SolveStatus.Solved : status;
    }

    public SolveStatus SolveSquareRoot(ReadOnlySpan<double> b, Span<double> x, double damping) =>
        Is(Fault.RootIsNotSymmetric) ? inner.Sample(b, x, damping) : inner.SolveSquareRoot(b, x, damping);

    public SolveStatus InverseDiagonal(Span<double> diagonal, double damping)
    {
        var status = inner.InverseDiagonal(diagonal, damping);
        if (status.IsSolved && Is(Fault.WrongInverse)) { diagonal[^1] *= 1.001; }
        return status;
    }

    public void CopyDiagonal(Span<double> diagonal)
    {
        inner.CopyDiagonal(diagonal);
        if (Is(Fault.WrongDiagonal) && diagonal.Length > 0) { diagonal[0] *= 1.001; }
    }

    public double LogDeterminant(double damping) => inner.LogDeterminant(damping) * (Is(Fault.WrongDeterminant) ? 0.5 : 1);

    public double Trace() => inner.Trace() * (Is(Fault.WrongTrace) ? 1.001 : 1);

    public SolveStatus Sample(ReadOnlySpan<double> normals, Span<double> x, double damping) =>
        Is(Fault.WrongSample) ? inner.Solve(normals, x, damping) : inner.Sample(normals, x, damping);

    public void Remap(ReadOnlySpan<int> map, int dimension)
    {
        if (!Is(Fault.MovesNothing)) { inner.Remap(map, dimension); return; }
        inner.Remap([.. Enumerable.Range(0, map.Length)], dimension);
    }

    public FaultyInformation CreateEmpty() => new(Is(Fault.EmptyIsFull) ? inner.Copy() : inner.CreateEmpty());

    public FaultyInformation Copy() => new(Is(Fault.CopyIsShared) ? inner : inner.Copy());

    public void Save(StateWriter writer)
    {
        if (!Is(Fault.SnapshotRounds)) { inner.Save(writer); return; }
        var rounded = inner.Copy();
        rounded *= 1 + 1e-15;
        rounded.Save(writer);
    }

    public static FaultyInformation Load(StateReader reader) => new(FullInformation.Load(reader));

    public double[,] ToDense() => inner.ToDense();

    FullInformation Inner => inner;

    static bool Is(Fault fault) => Fault == fault;
}
