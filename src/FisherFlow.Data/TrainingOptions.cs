using FisherFlow.Optimisation;

namespace FisherFlow.Data;

/// <summary>How a model is trained in the trajectory regime; every default is written here once.</summary>
public sealed record TrainingOptions
{
    /// <summary>Model, columns and levels. What asks for errors or exactness there is not looked at.</summary>
    public RegressionOptions Data { get; init; } = new();

    /// <summary>The method by name, <c>adam</c> or <c>adam:0.001</c>.</summary>
    /// <value>null: the natural gradient.</value>
    public string? Preset { get; init; }

    /// <summary>A step in the place of the preset's, <c>natural:0.1</c>; or null.</summary>
    public string? Step { get; init; }

    /// <summary>Rows of a step.</summary>
    /// <value>32.</value>
    public int BatchRows { get; init; } = 32;

    /// <summary>Passes over the data; several need a source that can be read again.</summary>
    /// <value>1.</value>
    public int Epochs { get; init; } = 1;

    /// <summary>The method that the names mean.</summary>
    /// <exception cref="ArgumentException">There is none; the message says what there is.</exception>
    public Method CreateMethod() => MethodNames.Parse(Preset, Step, out var problem) ?? throw new ArgumentException(problem);

    /// <summary>The names in one: <c>adam, step natural:0.1</c>.</summary>
    internal string Name => Step is null ? Preset ?? "natural" : $"{Preset ?? "natural"}, step {Step}";
}
