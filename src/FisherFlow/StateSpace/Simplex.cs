namespace FisherFlow.StateSpace;

/// <summary>Nelder and Mead's minimisation without derivatives, for a few variables.</summary>
static class Simplex
{
    /// <summary>Minimises from a start.</summary>
    public static (double[] Point, double Value) Minimise(Func<double[], double> function, double[] start, double step, double tolerance, int most)
    {
        var n = start.Length;
        var points = Enumerable.Range(0, n + 1).Select(i => start.Select((x, j) => i == j + 1 ? x + step : x).ToArray()).ToArray();
        var values = Array.ConvertAll(points, p => function(p));
        for (var evaluations = n + 1; evaluations < most;)
        {
            Array.Sort(values, points);
            if (values[n] - values[0] <= tolerance * (Math.Abs(values[0]) + tolerance) && Width(points) < 1e-5) { break; }
            var centre = new double[n];
            for (var i = 0; i < n; i++)
            {
                for (var j = 0; j < n; j++) { centre[j] += points[i][j] / n; }
            }
            double[] Along(double factor) => [.. centre.Select((c, j) => c + factor * (points[n][j] - c))];
            var reflected = Along(-1);
            var value = function(reflected);
            evaluations++;
            if (value < values[0])
            {
                var expanded = Along(-2);
                var further = function(expanded);
                evaluations++;
                (points[n], values[n]) = further < value ? (expanded, further) : (reflected, value);
            }
            else if (value < values[n - 1]) { (points[n], values[n]) = (reflected, value); }
            else
            {
                var contracted = Along(value < values[n] ? -0.5 : 0.5);
                var inner = function(contracted);
                evaluations++;
                if (inner < Math.Min(value, values[n])) { (points[n], values[n]) = (contracted, inner); }
                else
                {
                    for (var i = 1; i <= n; i++)
                    {
                        for (var j = 0; j < n; j++) { points[i][j] = (points[i][j] + points[0][j]) / 2; }
                        values[i] = function(points[i]);
                        evaluations++;
                    }
                }
            }
        }
        Array.Sort(values, points);
        return (points[0], values[0]);
    }

    static double Width(double[][] points) => Enumerable.Range(0, points[0].Length).Max(j => points.Max(p => p[j]) - points.Min(p => p[j]));
}
