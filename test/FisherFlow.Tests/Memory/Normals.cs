namespace FisherFlow.Tests.Memory;

/// <summary>Standard normals from a seed, by the polar method.</summary>
sealed class Normals(int seed)
{
    readonly Random _random = new(seed);
    double? _spare;

    public double Next()
    {
        if (_spare is { } spare)
        {
            _spare = null;
            return spare;
        }
        double x, y, square;
        do
        {
            (x, y) = (2 * _random.NextDouble() - 1, 2 * _random.NextDouble() - 1);
            square = x * x + y * y;
        }
        while (square is >= 1 or 0);
        var scale = Math.Sqrt(-2 * Math.Log(square) / square);
        _spare = y * scale;
        return x * scale;
    }

    public double Uniform() => _random.NextDouble();
}
