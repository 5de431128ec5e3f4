using System.Diagnostics.CodeAnalysis;

namespace FisherFlow.Data.Formulas;

/// <summary>Terms in the order in which they were first written, each once; a term is the ascending numbers of its variables.</summary>
sealed class TermSet
{
    readonly List<int[]> _terms = [];
    readonly HashSet<int[]> _known = new(Same.Instance);

    public IReadOnlyList<int[]> Terms => _terms;

    /// <summary>What the formula says of the intercept, if anything.</summary>
    public bool? Intercept { get; set; }

    public void Add(int[] term)
    {
        if (_known.Add(term)) { _terms.Add(term); }
    }

    public void Add(TermSet other)
    {
        foreach (var term in other._terms) { Add(term); }
        Intercept = other.Intercept ?? Intercept;
    }

    public void Remove(TermSet other)
    {
        if (other._terms.Exists(_known.Contains))
        {
            _known.ExceptWith(other._known);
            _terms.RemoveAll(term => !_known.Contains(term));
        }
        if (other.Intercept is { } intercept) { Intercept = !intercept; }
    }

    /// <summary>Every term of the left joined with every term of the right.</summary>
    public static TermSet Interact(TermSet left, TermSet right)
    {
        var product = new TermSet();
        foreach (var a in left._terms)
        {
            foreach (var b in right._terms) { product.Add([.. a.Union(b).Order()]); }
        }
        return product;
    }

    sealed class Same : IEqualityComparer<int[]>
    {
        public static Same Instance { get; } = new();

        public bool Equals(int[]? x, int[]? y) => x.AsSpan().SequenceEqual(y);

        public int GetHashCode([DisallowNull] int[] obj)
        {
            var hash = default(HashCode);
            foreach (var variable in obj) { hash.Add(variable); }
            return hash.ToHashCode();
        }
    }
}
