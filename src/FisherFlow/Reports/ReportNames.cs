using FisherFlow.Inference;

namespace FisherFlow.Reports;

/// <summary>How covariances and statuses are written in JSON, CSV and markdown.</summary>
static class ReportNames
{
    /// <summary>The name of a covariance, as the command line takes it.</summary>
    public static string Of(CovarianceKind kind) => kind switch
    {
        CovarianceKind.HC0 => "hc0",
        CovarianceKind.HC1 => "hc1",
        CovarianceKind.HC3 => "hc3",
        CovarianceKind.Cluster => "cluster",
        _ => "model",
    };

    /// <summary>The name of a status.</summary>
    public static string Of(CoefficientStatus status) => status switch
    {
        CoefficientStatus.Aliased => "aliased",
        CoefficientStatus.Separated => "separated",
        _ => "ok",
    };
}
