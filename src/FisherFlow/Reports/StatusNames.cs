using FisherFlow.Inference;

namespace FisherFlow.Reports;

/// <summary>How a coefficient's status is written in JSON, CSV and markdown.</summary>
static class StatusNames
{
    /// <summary>The name of a status.</summary>
    public static string Of(CoefficientStatus status) => status switch
    {
        CoefficientStatus.Aliased => "aliased",
        CoefficientStatus.Separated => "separated",
        _ => "ok",
    };
}
