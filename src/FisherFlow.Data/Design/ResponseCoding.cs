using FisherFlow.Data.Formulas;
using FisherFlow.Data.Sources;
using FisherFlow.Models;

namespace FisherFlow.Data.Design;

/// <summary>How a row's response becomes a number. Two phases a row: <see cref="TryRead"/> changes nothing, <see cref="Commit"/> adds a level that was new.</summary>
abstract class ResponseCoding(RowInputs inputs)
{
    protected RowInputs Inputs => inputs;

    /// <summary>The response: a number, a proportion of the trials, or the index of an outcome.</summary>
    public double Value { get; protected set; }

    /// <summary>Binomial trials; 1 unless successes and failures are counted.</summary>
    public double Trials { get; protected set; } = 1;

    /// <summary>What the response has besides its value.</summary>
    public virtual ResponseLayout Layout => default;

    /// <summary>That, for the row that was read; its support has then been asked of the model.</summary>
    public virtual ReadOnlySpan<double> Details => default;

    /// <summary>Whether the response counts successes and failures.</summary>
    public virtual bool HasTrials => false;

    /// <summary>The factor behind a response of levels, or null.</summary>
    public virtual Factor? Levels => null;

    /// <summary>What the data may hold, for messages.</summary>
    public abstract string Legal { get; }

    /// <summary>Where in the header the response comes from.</summary>
    public abstract int Position { get; }

    /// <summary>Reads the response; the inputs have been read.</summary>
    public abstract bool TryRead(RecordReader record, out Rejection rejection);

    /// <summary>Adds a level that was new.</summary>
    public virtual void Commit(RecordReader record)
    {
        // numbers leave nothing behind
    }

    /// <summary>The row's response as the data write it, for messages.</summary>
    public virtual string Text(RecordReader record) =>
        Position < 0 ? LevelDictionary.NameOf(Value) : RowInputs.Reject(RejectionReason.OutsideSupport, Position, record.Field(Position)).Text;

    protected Rejection Outside(RecordReader record) => new(RejectionReason.OutsideSupport, Position, Text(record));

    protected static bool Accept(out Rejection rejection)
    {
        rejection = default;
        return true;
    }

    /// <summary>What a family can produce.</summary>
    public static string Support(Family family) => family switch
    {
        Family.Binomial => "0, 1, a proportion between them, true or false",
        Family.Poisson or Family.NegativeBinomial => "a count 0, 1, 2, …",
        Family.Gamma or Family.InverseGaussian => "a number above 0",
        Family.Tweedie => "a number not below 0 (above 0 for a power of 2 and more)",
        _ => "a finite number",
    };
}

/// <summary>A numeric response: a column, a truth value as 0 and 1, or an expression.</summary>
sealed class NumberResponse(RowProgram program, RowInputs inputs, string legal) : ResponseCoding(inputs)
{
    public override string Legal => legal;

    public override int Position => Inputs.Position(program.FirstInput);

    public override bool TryRead(RecordReader record, out Rejection rejection)
    {
        Value = program.Evaluate(Inputs.Values);
        if (RowInputs.IsUsable(Value)) { return Accept(out rejection); }
        rejection = RowInputs.Reject(RejectionReason.NotFinite, Position, record.Field(Position));
        return false;
    }
}

/// <summary><c>cbind(s, f)</c>: the proportion s/(s + f) of s + f trials; no trials at all weigh nothing, as in R.</summary>
sealed class CountsResponse(RowProgram successes, RowProgram failures, RowInputs inputs) : ResponseCoding(inputs)
{
    public override bool HasTrials => true;

    public override string Legal => "two numbers not below 0, successes and failures";

    public override int Position => Inputs.Position(successes.FirstInput);

    public override bool TryRead(RecordReader record, out Rejection rejection)
    {
        var s = successes.Evaluate(Inputs.Values);
        var f = failures.Evaluate(Inputs.Values);
        Trials = s + f;
        Value = Trials > 0 ? s / Trials : 0;
        if (RowInputs.IsUsable(Trials) && s >= 0 && f >= 0) { return Accept(out rejection); }
        var reason = RowInputs.IsUsable(s) && RowInputs.IsUsable(f) ? RejectionReason.OutsideSupport : RejectionReason.NotFinite;
        var position = RowInputs.IsUsable(s) && s >= 0 ? Inputs.Position(failures.FirstInput) : Position;
        rejection = RowInputs.Reject(reason, position, record.Field(position));
        return false;
    }
}

/// <summary>A response of levels: two (0 and 1), or the outcomes of a multinomial or ordinal model.</summary>
/// <param name="factor">The levels, in the order of their codes.</param>
/// <param name="inputs">The numbers that it reads.</param>
/// <param name="most">How many levels there may be; further ones cannot occur.</param>
/// <param name="advice">What to do about a level that cannot occur.</param>
sealed class LevelResponse(Factor factor, RowInputs inputs, int most, string advice) : ResponseCoding(inputs)
{
    public override Factor Levels => factor;

    public override string Legal => $"{ColumnCatalog.List(factor.Levels.Names)}{advice}";

    public override int Position => factor.Position;

    /// <summary>How many levels there may be.</summary>
    public int Most => most;

    public override bool TryRead(RecordReader record, out Rejection rejection)
    {
        if (!factor.TryFind(record, out rejection)) { return false; }
        Value = factor.Level >= 0 ? factor.Level : factor.Levels.Count;
        if (Value < most) { return true; }
        rejection = Outside(record);
        return false;
    }

    public override void Commit(RecordReader record) => factor.Commit(record);

    public override string Text(RecordReader record) => factor.Text(record);
}
