namespace FisherFlow.Information;

/// <summary>Where old parameters go when parameters are renamed or grow.</summary>
static class ParameterMap
{
    /// <summary>Throws unless the map sends every old parameter to its own new one.</summary>
    /// <param name="map">New index of each old parameter, <c>[d]</c>.</param>
    /// <param name="old">Old number of parameters <c>d</c>.</param>
    /// <param name="dimension">New number of parameters.</param>
    /// <exception cref="ArgumentException">The length is wrong, an index is out of range or two parameters meet.</exception>
    public static void Verify(ReadOnlySpan<int> map, int old, int dimension)
    {
        if (map.Length != old) { throw new ArgumentException($"{old} parameters need as many new places; there are {map.Length}", nameof(map)); }
        var taken = new bool[dimension];
        foreach (var place in map)
        {
            if ((uint)place >= (uint)dimension) { throw new ArgumentException($"place {place} is not one of 0 to {dimension - 1}", nameof(map)); }
            if (taken[place]) { throw new ArgumentException($"two parameters were sent to place {place}", nameof(map)); }
            taken[place] = true;
        }
    }

    /// <summary>Whether the map keeps the order of the parameters.</summary>
    /// <param name="map">New index of each old parameter, <c>[d]</c>.</param>
    public static bool IsIncreasing(ReadOnlySpan<int> map)
    {
        for (var i = 1; i < map.Length; i++)
        {
            if (map[i] <= map[i - 1]) { return false; }
        }
        return true;
    }
}
