namespace FisherFlow.Mixtures;

/// <summary>Components have no names of their own: they are listed by their mean responses, and matched by their lines.</summary>
static class MixtureLabels
{
    /// <summary>Puts the components in the order of the means of their fitted values.</summary>
    public static void Sort(MixtureModel model, MixtureRows rows, double[] theta)
    {
        var means = new double[model.Components];
        for (var i = 0; i < rows.Count; i++)
        {
            for (var k = 0; k < means.Length; k++) { means[k] += rows[i].Weight * rows[i].Dot(theta.AsSpan(k * model.Stride, model.Columns)); }
        }
        var places = new int[means.Length];
        foreach (var (place, k) in Enumerable.Range(0, means.Length).OrderBy(k => means[k]).Index()) { places[k] = place; }
        new MixtureMap(model, model, places).Vector(theta).CopyTo(theta, 0);
    }

    /// <summary>For each component of the other its number here: the renaming whose lines and scales are closest together.</summary>
    /// <param name="model">The mixture.</param>
    /// <param name="statistics">What rows say of the columns.</param>
    /// <param name="one">Parameters <c>[d]</c>.</param>
    /// <param name="other">Parameters <c>[d]</c> of the other.</param>
    public static int[] Match(MixtureModel model, MixtureStatistics statistics, double[] one, double[] other)
    {
        var n = model.Components;
        var distances = new double[n * n];
        for (var i = 0; i < distances.Length; i++)
        {
            var (a, b) = (i / n, i % n);
            var scales = one[model.Scale(b)] - other[model.Scale(a)];
            distances[i] = scales * scales + statistics.Distance(one.AsSpan(b * model.Stride, model.Columns), other.AsSpan(a * model.Stride, model.Columns)) / Math.Exp(one[model.Scale(b)] + other[model.Scale(a)]);
        }
        var (best, least, names, isTaken) = (new int[n], double.PositiveInfinity, new int[n], new bool[n]);
        Assign(0, 0);
        return best;

        void Assign(int component, double sum)
        {
            if (sum >= least) { return; }
            if (component == n)
            {
                least = sum;
                names.CopyTo(best, 0);
                return;
            }
            for (var name = 0; name < n; name++)
            {
                if (isTaken[name]) { continue; }
                (isTaken[name], names[component]) = (true, name);
                Assign(component + 1, sum + distances[component * n + name]);
                isTaken[name] = false;
            }
        }
    }
}
