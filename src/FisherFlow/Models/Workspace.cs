namespace FisherFlow.Models;

/// <summary>Scratch arrays of one thread, grown on demand and reused.</summary>
public sealed class Workspace
{
    /// <summary>Linear predictors.</summary>
    public double[] Eta { get; private set; } = [];

    /// <summary>Working weights.</summary>
    public double[] Weights { get; private set; } = [];

    /// <summary>Score factors.</summary>
    public double[] Scores { get; private set; } = [];

    /// <summary>Dense parts of expanded rows.</summary>
    public double[] Dense { get; private set; } = [];

    /// <summary>Slot indices of expanded rows.</summary>
    public int[] Indices { get; private set; } = [];

    /// <summary>Slot values of expanded rows.</summary>
    public double[] Values { get; private set; } = [];

    /// <summary>What working weights exceed the information by.</summary>
    public double[] Deficits { get; private set; } = [];

    /// <summary>Makes room for the deficits of <paramref name="rows"/> working rows.</summary>
    public void ReserveDeficits(int rows)
    {
        if (Deficits.Length < rows) { Deficits = new double[rows]; }
    }

    /// <summary>Makes room for <paramref name="rows"/> working rows with no expansion.</summary>
    public void Reserve(int rows) => Reserve(rows, 0, 0);

    /// <summary>Makes room for <paramref name="rows"/> working rows of <paramref name="dense"/> dense columns and <paramref name="slots"/> slots.</summary>
    public void Reserve(int rows, int dense, int slots)
    {
        if (Eta.Length < rows)
        {
            Eta = new double[rows];
            Weights = new double[rows];
            Scores = new double[rows];
        }
        if (Dense.Length < rows * dense) { Dense = new double[rows * dense]; }
        if (Indices.Length < rows * slots)
        {
            Indices = new int[rows * slots];
            Values = new double[rows * slots];
        }
    }
}
