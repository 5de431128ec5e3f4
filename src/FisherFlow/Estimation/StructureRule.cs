namespace FisherFlow.Estimation;

/// <summary>A structure as users write it: <c>auto</c>, <c>full</c>, <c>square-root</c>, <c>block</c>, <c>diagonal</c>, <c>low-rank:R</c>, <c>sparse</c>, <c>scalar</c>.</summary>
/// <param name="Kind">The shape in which information is kept.</param>
/// <param name="Rank">Directions that a low-rank structure keeps beside its diagonal; 0 for the others.</param>
public readonly record struct StructureRule(Structure Kind, int Rank = 0)
{
    const int MostDirections = 1000;

    /// <summary>What can be written, for messages.</summary>
    public const string Legal = "auto, full, square-root, block, diagonal, low-rank:R (R directions, 1 to 1000, and a diagonal), sparse or scalar";

    static readonly (string Name, Structure Kind)[] _words =
    [
        ("auto", Structure.Auto), ("full", Structure.Full), ("square-root", Structure.SquareRoot), ("block", Structure.Block),
        ("diagonal", Structure.Diagonal), ("sparse", Structure.Sparse), ("scalar", Structure.Scalar),
    ];

    /// <summary>Reads what <see cref="ToString"/> writes.</summary>
    public static bool TryParse(string? text, out StructureRule rule)
    {
        rule = default;
        var (name, number) = RuleText.Split(text);
        if (name == "low-rank" && RuleText.Number(number) is >= 1 and <= MostDirections and var rank && rank == Math.Floor(rank))
        {
            rule = new(Structure.LowRank, (int)rank);
            return true;
        }
        var word = Array.Find(_words, word => word.Name == name);
        rule = new(word.Kind);
        return word.Name is not null && number is null;
    }

    /// <summary>The structure as users write it.</summary>
    public override string ToString()
    {
        var kind = Kind;
        return kind == Structure.LowRank ? RuleText.Write("low-rank", Rank) : Array.Find(_words, word => word.Kind == kind).Name;
    }
}
