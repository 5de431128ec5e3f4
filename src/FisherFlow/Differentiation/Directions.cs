using System.Runtime.CompilerServices;

namespace FisherFlow.Differentiation;

/// <summary>How many directions a <see cref="Jet{TDirections}"/> looks along, as the room for its gradient <c>[K]</c> and the upper triangle of its Hessian <c>[K(K + 1)/2]</c>.</summary>
public interface IDirections
{
    /// <summary>K.</summary>
    static abstract int Count { get; }
}

/// <summary>One direction.</summary>
[InlineArray(2)]
public struct One : IDirections
{
    double _first;

    /// <inheritdoc/>
    public static int Count => 1;
}

/// <summary>Two directions.</summary>
[InlineArray(5)]
public struct Two : IDirections
{
    double _first;

    /// <inheritdoc/>
    public static int Count => 2;
}

/// <summary>Three directions.</summary>
[InlineArray(9)]
public struct Three : IDirections
{
    double _first;

    /// <inheritdoc/>
    public static int Count => 3;
}

/// <summary>Four directions.</summary>
[InlineArray(14)]
public struct Four : IDirections
{
    double _first;

    /// <inheritdoc/>
    public static int Count => 4;
}

/// <summary>Five directions.</summary>
[InlineArray(20)]
public struct Five : IDirections
{
    double _first;

    /// <inheritdoc/>
    public static int Count => 5;
}
