using FisherFlow.Information;
using FisherFlow.Models;
using FisherFlow.Snapshots;

namespace FisherFlow.Estimation;

/// <summary>What is known of folded rows under a structure: a quadratic about θ, and the sums that go with it.</summary>
/// <typeparam name="TInformation">The structure.</typeparam>
sealed class StructuredState<TInformation> where TInformation : class, IInformation<TInformation>
{
    /// <summary>The anchor θ <c>[d]</c>.</summary>
    public required double[] Theta { get; set; }

    /// <summary>What is left of the score at θ, <c>[d]</c>; empty for structures that approximate, where it would be below what they lose.</summary>
    public required double[] Score { get; set; }

    /// <summary><c>I = Σ ω F</c>.</summary>
    public required TInformation Information { get; set; }

    /// <summary><c>Σ ω² F</c>, where ω are the weights of a fading memory; null where they are all one.</summary>
    public TInformation? Squared { get; set; }

    /// <summary>Sums of the folded rows at θ, faded as they are.</summary>
    public FitSums Sums { get; set; }

    /// <summary>The auxiliary parameter.</summary>
    public double Auxiliary { get; set; }

    /// <summary>What is left of its score.</summary>
    public double AuxiliaryScore { get; set; }

    /// <summary>Its information.</summary>
    public double AuxiliaryInformation { get; set; }

    /// <summary><c>Σ ω</c> over folded rows that weigh anything.</summary>
    public double Mass { get; set; }

    /// <summary><c>Σ ω·prior</c> over folded rows.</summary>
    public double Weight { get; set; }

    /// <summary><c>Σ (ω·prior)²</c>.</summary>
    public double SquaredWeight { get; set; }

    /// <summary>Rows folded.</summary>
    public long Rows { get; set; }

    /// <summary>Newton evaluations so far.</summary>
    public int Iterations { get; set; }

    /// <summary>Batches whose observed information was indefinite, and counted by the expected one.</summary>
    public int Fallbacks { get; set; }

    /// <summary>Rows that were left out because they, or what they led to, are not finite.</summary>
    public long NotFinite { get; set; }

    /// <summary>Whether every batch was solved out.</summary>
    public bool Converged { get; set; } = true;

    /// <summary>A copy with its own storage.</summary>
    public StructuredState<TInformation> Copy() => new()
    {
        Theta = (double[])Theta.Clone(),
        Score = (double[])Score.Clone(),
        Information = Information.Copy(),
        Squared = Squared?.Copy(),
        Sums = Sums,
        Auxiliary = Auxiliary,
        AuxiliaryScore = AuxiliaryScore,
        AuxiliaryInformation = AuxiliaryInformation,
        Mass = Mass,
        Weight = Weight,
        SquaredWeight = SquaredWeight,
        Rows = Rows,
        Iterations = Iterations,
        Fallbacks = Fallbacks,
        NotFinite = NotFinite,
        Converged = Converged,
    };

    /// <summary>Renames and grows the parameters.</summary>
    /// <param name="model">The model.</param>
    /// <param name="schema">The names of the design columns.</param>
    /// <param name="map">New index of each parameter, <c>[d]</c>.</param>
    /// <param name="shape">The new sizes.</param>
    public void Remap(IModel model, DesignSchema schema, ReadOnlySpan<int> map, in ModelShape shape)
    {
        var dimension = model.Dimension(shape);
        Theta = ParameterLayout.Move(Theta, map, dimension);
        if (Score.Length > 0) { Score = ParameterLayout.Move(Score, map, dimension); }
        ParameterLayout.Remap(Information, model, schema, map, shape);
        if (Squared is not null) { ParameterLayout.Remap(Squared, model, schema, map, shape); }
    }

    /// <summary>Writes the state, bit for bit.</summary>
    public void Save(StateWriter writer)
    {
        writer.Write(Theta);
        writer.Write(Score);
        Information.Save(writer);
        writer.Write(Squared is not null);
        Squared?.Save(writer);
        foreach (var value in (ReadOnlySpan<double>)[Sums.Deviance, Sums.Pearson, Sums.AuxiliaryScore, Sums.AuxiliaryInformation, Sums.Saturated, Sums.Carrier,
            Auxiliary, AuxiliaryScore, AuxiliaryInformation, Mass, Weight, SquaredWeight]) { writer.Write(value); }
        writer.Write(Rows);
        writer.Write(Iterations);
        writer.Write(Fallbacks);
        writer.Write(NotFinite);
        writer.Write(Converged);
    }

    /// <summary>Reads what <see cref="Save"/> wrote.</summary>
    /// <exception cref="InvalidDataException">Lengths disagree.</exception>
    public static StructuredState<TInformation> Load(StateReader reader, int dimension)
    {
        var (theta, score) = (reader.ReadDoubles(), reader.ReadDoubles());
        var information = TInformation.Load(reader);
        var squared = reader.ReadBoolean() ? TInformation.Load(reader) : null;
        if (theta.Length != dimension || information.Dimension != dimension || (score.Length != 0 && score.Length != dimension))
        {
            throw new InvalidDataException($"the state holds {theta.Length} parameters where {dimension} belong");
        }
        return new()
        {
            Theta = theta,
            Score = score,
            Information = information,
            Squared = squared,
            Sums = new()
            {
                Deviance = reader.ReadDouble(),
                Pearson = reader.ReadDouble(),
                AuxiliaryScore = reader.ReadDouble(),
                AuxiliaryInformation = reader.ReadDouble(),
                Saturated = reader.ReadDouble(),
                Carrier = reader.ReadDouble(),
            },
            Auxiliary = reader.ReadDouble(),
            AuxiliaryScore = reader.ReadDouble(),
            AuxiliaryInformation = reader.ReadDouble(),
            Mass = reader.ReadDouble(),
            Weight = reader.ReadDouble(),
            SquaredWeight = reader.ReadDouble(),
            Rows = reader.ReadInt64(),
            Iterations = reader.ReadInt32(),
            Fallbacks = reader.ReadInt32(),
            NotFinite = reader.ReadInt64(),
            Converged = reader.ReadBoolean(),
        };
    }
}
