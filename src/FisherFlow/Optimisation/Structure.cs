using System.Globalization;
using FisherFlow.Information;

namespace FisherFlow.Optimisation;

/// <summary>The structure axis: the shape in which information is kept.</summary>
/// <typeparam name="TInformation">The structure.</typeparam>
/// <param name="Name">Its name with its settings, for reports: <c>low-rank 20</c>.</param>
/// <param name="Create">Makes an empty one of a dimension.</param>
public sealed record Structure<TInformation>(string Name, Func<int, TInformation> Create) where TInformation : class, IInformation<TInformation>;

/// <summary>The structures that take any dimension; others are made as <c>new Structure&lt;T&gt;(name, create)</c>.</summary>
public static class Structures
{
    /// <summary>A diagonal.</summary>
    public static Structure<DiagonalInformation> Diagonal { get; } = new(DiagonalInformation.Name, d => new(d));

    /// <summary>A diagonal and the <paramref name="rank"/> directions that it leaves most of.</summary>
    public static Structure<LowRankInformation> LowRank(int rank) => new(string.Create(CultureInfo.InvariantCulture, $"{LowRankInformation.Name} {rank}"), d => new(d, rank));

    /// <summary>The full matrix.</summary>
    public static Structure<FullInformation> Full { get; } = new(FullInformation.Name, d => new(d));
}
