using FisherFlow.Data.Formulas;
using FisherFlow.Data.Sources;
using FisherFlow.Models;
using FisherFlow.Models.Distributions;

namespace FisherFlow.Data.Design;

/// <summary>
/// A response that may be censored, in R's spelling: <c>Surv(time, event)</c> (0 is censored on the right), <c>Surv(time, event, type = "left")</c>,
/// <c>Surv(low, high, status, type = "interval")</c> (0 right, 1 the value itself, 2 left, 3 interval), <c>Surv(low, high, type = "interval")</c>, and
/// <c>Surv(entry, exit, event)</c> for a time that is only seen because it exceeds the entry.
/// </summary>
/// <param name="programs">What the response is computed from: time and event, the limits and perhaps the status, or entry, exit and event.</param>
/// <param name="type">Which of the spellings.</param>
/// <param name="model">Whose support decides.</param>
/// <param name="inputs">The numbers that it reads.</param>
sealed class SurvivalResponse(RowProgram[] programs, SurvivalType type, DistributionalModel model, RowInputs inputs) : ResponseCoding(inputs)
{
    readonly double[] _details = new double[type == SurvivalType.Counting ? 3 : 2];

    public override ResponseLayout Layout => type == SurvivalType.Counting ? ResponseLayout.Truncated : ResponseLayout.Censored;

    public override ReadOnlySpan<double> Details => _details;

    public override string Legal => type switch
    {
        SurvivalType.Status => $"{model.Support} for the limits, the upper above the lower, and a status of 0 (right), 1 (the value itself), 2 (left) or 3 (interval)",
        SurvivalType.Counting => $"{model.Support} for the exit, an entry before it, and an event of 0 or 1 (for 1 and 2 write status == 2)",
        SurvivalType.Interval => $"{model.Support} for the limits, the upper not below the lower",
        _ => $"{model.Support} and an event of 0 or 1 (for 1 and 2 write status == 2)",
    };

    public override int Position => Inputs.Position(programs[0].FirstInput);

    public override bool TryRead(RecordReader record, out Rejection rejection)
    {
        Span<double> numbers = stackalloc double[3];
        for (var i = 0; i < programs.Length; i++)
        {
            numbers[i] = programs[i].Evaluate(Inputs.Values);
            if (RowInputs.IsUsable(numbers[i])) { continue; }
            var position = Inputs.Position(programs[i].FirstInput);
            rejection = RowInputs.Reject(RejectionReason.NotFinite, position, record.Field(Math.Max(0, position)));
            return false;
        }
        var isCounting = type == SurvivalType.Counting;
        Value = numbers[isCounting ? 1 : 0];
        if (isCounting) { _details[2] = numbers[0]; }
        var status = Status(numbers);
        if (status is { } known)
        {
            (_details[0], _details[1]) = ((double)known, known == Censoring.Interval ? numbers[1] : 0);
            if (!(isCounting && numbers[0] >= Value) && model.Supports(new Outcome(Value) { Status = known, Upper = _details[1] })) { return Accept(out rejection); }
        }
        var wrong = Inputs.Position(programs[status is null ? programs.Length - 1 : isCounting && numbers[0] < Value ? 1 : 0].FirstInput);
        rejection = RowInputs.Reject(RejectionReason.OutsideSupport, wrong, record.Field(Math.Max(0, wrong)));
        return false;
    }

    Censoring? Status(ReadOnlySpan<double> numbers) => (type, type is SurvivalType.Status or SurvivalType.Counting ? numbers[2] : numbers[1]) switch
    {
        (SurvivalType.Interval, _) => numbers[1] > numbers[0] ? Censoring.Interval : numbers[1] == numbers[0] ? Censoring.None : null,
        (SurvivalType.Status, 0) => Censoring.Right,
        (SurvivalType.Status, 2) => Censoring.Left,
        (SurvivalType.Status, 3) => Censoring.Interval,
        (SurvivalType.Right or SurvivalType.Counting, 0) => Censoring.Right,
        (SurvivalType.Left, 0) => Censoring.Left,
        (_, 1) => Censoring.None,
        _ => null,
    };
}
