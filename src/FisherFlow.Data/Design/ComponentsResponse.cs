using FisherFlow.Data.Formulas;
using FisherFlow.Data.Sources;
using FisherFlow.Models;
using FisherFlow.Models.Distributions;

namespace FisherFlow.Data.Design;

/// <summary><c>cbind(a, b, c)</c>: a response of several components, such as shares that sum to one.</summary>
/// <param name="programs">The components.</param>
/// <param name="model">Whose support decides.</param>
/// <param name="inputs">The numbers that it reads.</param>
sealed class ComponentsResponse(RowProgram[] programs, DistributionalModel model, RowInputs inputs) : ResponseCoding(inputs)
{
    readonly double[] _others = new double[programs.Length - 1];

    public override ResponseLayout Layout => ResponseLayout.Components(programs.Length);

    public override ReadOnlySpan<double> Details => _others;

    public override string Legal => model.Support;

    public override int Position => Inputs.Position(programs[0].FirstInput);

    public override string Text(RecordReader record) => string.Join(", ", programs.Select(program => RowInputs.Reject(RejectionReason.OutsideSupport, 0, record.Field(Inputs.Position(program.FirstInput))).Text));

    public override bool TryRead(RecordReader record, out Rejection rejection)
    {
        for (var i = 0; i < programs.Length; i++)
        {
            var value = programs[i].Evaluate(Inputs.Values);
            if (!RowInputs.IsUsable(value))
            {
                var position = Inputs.Position(programs[i].FirstInput);
                rejection = RowInputs.Reject(RejectionReason.NotFinite, position, record.Field(Math.Max(0, position)));
                return false;
            }
            if (i == 0) { Value = value; } else { _others[i - 1] = value; }
        }
        if (model.Supports(new Outcome(Value) { Others = _others })) { return Accept(out rejection); }
        rejection = Outside(record);
        return false;
    }
}
