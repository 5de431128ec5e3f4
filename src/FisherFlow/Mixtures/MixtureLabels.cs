namespace FisherFlow.Mixtures;

/// <summary>Components have no names of their own: they are listed by their intercepts, and matched by their lines.</summary>
static class MixtureLabels
{
    /// <summary>Puts the components in the order of their first coefficients.</summary>
    public static void Sort(MixtureModel model, double[] theta)
    {
        var order = Enumerable.Range(0, model.Components).OrderBy(k => theta[k * model.Stride]).ToArray();
        Rename(model, theta, order).CopyTo(theta, 0);
    }

    /// <summary>For each component of one the closest of the other that is still free, by coefficients and scale.</summary>
    public static int[] Match(MixtureModel model, double[] one, double[] other)
    {
        var names = new int[model.Components];
        var free = Enumerable.Range(0, model.Components).ToList();
        for (var k = 0; k < names.Length; k++)
        {
            names[k] = free.MinBy(c => Distance(model, one.AsSpan(k * model.Stride, model.Stride), other.AsSpan(c * model.Stride, model.Stride)));
            free.Remove(names[k]);
        }
        return names;
    }

    /// <summary>Parameters <c>[d]</c> whose component k was called names[k].</summary>
    public static double[] Rename(MixtureModel model, double[] theta, ReadOnlySpan<int> names)
    {
        var renamed = new double[theta.Length];
        for (var i = 0; i < renamed.Length; i++) { renamed[i] = theta[Old(model, i, names)]; }
        return renamed;
    }

    /// <summary>Information <c>[d, d]</c> about renamed parameters.</summary>
    public static double[] RenameInformation(MixtureModel model, double[] information, ReadOnlySpan<int> names)
    {
        var (d, renamed) = (model.Dimension, new double[information.Length]);
        for (var i = 0; i < d; i++)
        {
            for (var j = 0; j < d; j++) { renamed[i * d + j] = information[Old(model, i, names) * d + Old(model, j, names)]; }
        }
        return renamed;
    }

    static int Old(MixtureModel model, int parameter, ReadOnlySpan<int> names) => names[parameter / model.Stride] * model.Stride + parameter % model.Stride;

    static double Distance(MixtureModel model, ReadOnlySpan<double> one, ReadOnlySpan<double> other)
    {
        var sum = 0.0;
        for (var j = 0; j <= model.Columns; j++) { sum += (one[j] - other[j]) * (one[j] - other[j]); }
        return sum;
    }
}
