namespace FisherFlow.Data;

/// <summary>The version of the program.</summary>
public static class Version
{
    /// <summary>As in <c>0.1.0</c>.</summary>
    public static string Number { get; } = typeof(Version).Assembly.GetName().Version is { } version ? $"{version.Major}.{version.Minor}.{version.Build}" : "0.0.0";

    /// <summary>What a state file says wrote it.</summary>
    public static string Producer => $"FisherFlow {Number}";
}
