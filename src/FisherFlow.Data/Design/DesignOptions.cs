using FisherFlow.Models;

namespace FisherFlow.Data.Design;

/// <summary>How rows become design rows, beside the formula.</summary>
public sealed record DesignOptions
{
    /// <summary>The family, which decides how the response is coded.</summary>
    /// <value>Gaussian.</value>
    public Family Family { get; init; } = Family.Gaussian;

    /// <summary>The distribution, when the family is <see cref="Models.Family.Distributional"/>.</summary>
    /// <value>Normal.</value>
    public string Distribution { get; init; } = "normal";

    /// <summary>Formulas of a distribution's further parameters, as <c>scale ~ x</c>; a parameter without one is the same for every row.</summary>
    /// <value>None.</value>
    public IReadOnlyList<string> ParameterFormulas { get; init; } = [];

    /// <summary>The column of prior weights.</summary>
    /// <value>None: every weight is one.</value>
    public string? WeightsColumn { get; init; }

    /// <summary>The column of known parts of the linear predictor; adds to the formula's offset() terms.</summary>
    /// <value>None.</value>
    public string? OffsetColumn { get; init; }

    /// <summary>The column whose levels are the clusters of a clustered covariance.</summary>
    /// <value>None.</value>
    public string? ClusterColumn { get; init; }

    /// <summary>Levels that a factor may grow to while a stream is read; further ones are the level <c>(other)</c>.</summary>
    /// <value>2,000.</value>
    public int MaxLevels { get; init; } = 2000;

    /// <summary>The levels of the response in order: the outcomes of an ordinal or multinomial model, or the 0 and the 1 of a binomial one.</summary>
    /// <value>Empty: taken from the data.</value>
    public IReadOnlyList<string> OutcomeLevels { get; init; } = [];

    /// <summary>Whether a response that the family cannot produce rejects its row; otherwise it stops the fit.</summary>
    /// <value>Stops.</value>
    public bool RejectInvalid { get; init; }
}
