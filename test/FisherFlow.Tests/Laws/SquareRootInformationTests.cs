using FisherFlow.Information;

namespace FisherFlow.Tests.Laws;

public sealed class SquareRootInformationTests : EvidenceLaws<SquareRootInformation>;
