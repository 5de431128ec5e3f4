using FisherFlow.Information;

namespace FisherFlow.Tests.Laws;

public sealed class FullInformationTests : EvidenceLaws<FullInformation>;
