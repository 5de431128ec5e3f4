using FisherFlow.Information;
using FisherFlow.Models.Distributions;

namespace FisherFlow.Models;

/// <summary>The currency: up to a few thousand encoded observations, filled in place and reused.</summary>
/// <remarks>
/// It knows neither file formats nor column names. Slots hold design columns at or beyond <see cref="DenseColumns"/>; −1 is absent.
/// The response is a number: a mean, a count, a proportion of <see cref="Trials"/>, or the index of an outcome.
/// </remarks>
public sealed class Block
{
    /// <summary>Allocates a block.</summary>
    public Block(int capacity, int denseColumns, int slots, bool hasValues, bool hasTrials, bool hasClusters, ResponseLayout layout = default)
    {
        Layout = layout;
        Details = layout.Details == 0 ? [] : new double[capacity * layout.Details];
        DenseColumns = denseColumns;
        Slots = slots;
        HasValues = hasValues;
        HasTrials = hasTrials;
        HasClusters = hasClusters;
        Dense = new double[capacity * denseColumns];
        Indices = new int[capacity * slots];
        Values = hasValues ? new double[capacity * slots] : [];
        Response = new double[capacity];
        Weight = new double[capacity];
        Offset = new double[capacity];
        Trials = hasTrials ? new double[capacity] : [];
        Cluster = hasClusters ? new int[capacity] : [];
        Columns = denseColumns;
        Outcomes = 1;
    }

    /// <summary>Rows there is room for.</summary>
    public int Capacity => Response.Length;

    /// <summary>Rows in use <c>n</c>.</summary>
    public int Count { get; set; }

    /// <summary>Dense columns <c>k</c>.</summary>
    public int DenseColumns { get; }

    /// <summary>Slots a row <c>m</c>.</summary>
    public int Slots { get; }

    /// <summary>Whether slots carry values other than one.</summary>
    public bool HasValues { get; }

    /// <summary>Whether responses are proportions of trials.</summary>
    public bool HasTrials { get; }

    /// <summary>Whether rows belong to clusters.</summary>
    public bool HasClusters { get; }

    /// <summary>What a response has besides its value.</summary>
    public ResponseLayout Layout { get; }

    /// <summary>Design columns known once this block was encoded; only grows from block to block.</summary>
    public int Columns { get; set; }

    /// <summary>Outcome levels known once this block was encoded; 1 for a numeric response.</summary>
    public int Outcomes { get; set; }

    /// <summary>Number of the first row in the stream, from 0; sampled information depends on it, so that it does not depend on how rows are cut into blocks.</summary>
    public long FirstRow { get; set; }

    /// <summary>Dense values <c>[n, k]</c>, row by row.</summary>
    public double[] Dense { get; }

    /// <summary>Design columns of the slots <c>[n, m]</c>.</summary>
    public int[] Indices { get; }

    /// <summary>Values of the slots <c>[n, m]</c>; empty when every value is one.</summary>
    public double[] Values { get; }

    /// <summary>Responses <c>[n]</c>.</summary>
    public double[] Response { get; }

    /// <summary>Prior weights <c>[n]</c>, times the trials where there are trials.</summary>
    public double[] Weight { get; }

    /// <summary>Offsets of the linear predictor <c>[n]</c>.</summary>
    public double[] Offset { get; }

    /// <summary>Binomial trials <c>[n]</c>; empty when every response is a single trial.</summary>
    public double[] Trials { get; }

    /// <summary>Cluster numbers <c>[n]</c>, counted from 0 in stream order; empty when there are no clusters.</summary>
    public int[] Cluster { get; }

    /// <summary>What responses have besides their values <c>[n, details]</c>, by <see cref="Layout"/>; empty when that is nothing.</summary>
    public double[] Details { get; }

    /// <summary>A row's response, as a distribution sees it.</summary>
    public Outcome Outcome(int row)
    {
        var trials = Trials.Length == 0 ? 1 : Trials[row];
        var details = Details.AsSpan(row * Layout.Details, Layout.Details);
        return Layout.IsCensored
            ? new(Response[row]) { Trials = trials, Status = (Censoring)(int)details[0], Upper = details[1], Entry = details.Length > 2 ? details[2] : double.NegativeInfinity }
            : new(Response[row]) { Trials = trials, Others = details };
    }

    /// <summary>The sizes that this block was encoded under.</summary>
    public ModelShape Shape => new(DenseColumns, Columns, Outcomes);

    /// <summary>The design of rows <paramref name="start"/> to <paramref name="start"/> + <paramref name="count"/>.</summary>
    public DesignRows Rows(int start, int count) => new(
        count, DenseColumns, Dense.AsSpan(start * DenseColumns, count * DenseColumns),
        Slots, Indices.AsSpan(start * Slots, count * Slots), HasValues ? Values.AsSpan(start * Slots, count * Slots) : default);
}
