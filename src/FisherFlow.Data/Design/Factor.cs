using System.Text;
using FisherFlow.Data.Formulas;
using FisherFlow.Data.Sources;

namespace FisherFlow.Data.Design;

/// <summary>A categorical variable: the texts of a column, or the values of an expression, numbered as levels.</summary>
/// <remarks>Two phases a row: <see cref="TryFind"/> changes nothing; <see cref="Commit"/> adds the level that was new.</remarks>
sealed class Factor
{
    readonly string? _column;
    readonly RowProgram? _program;
    readonly RowInputs _inputs;
    readonly int _maximumLevels;
    int _position;
    double _value;

    /// <param name="name">Its name.</param>
    /// <param name="column">The column whose texts are the levels.</param>
    /// <param name="inputs">The numbers of a row.</param>
    /// <param name="maximumLevels">How many levels there may be.</param>
    /// <param name="shared">The levels of another column of the same things, as in pair(); null for its own.</param>
    public Factor(string name, string column, RowInputs inputs, int maximumLevels, LevelDictionary? shared = null)
    {
        (Name, _column, _inputs, _maximumLevels) = (name, column, inputs, maximumLevels);
        Levels = shared ?? new(isNumeric: false);
    }

    public Factor(string name, RowProgram program, RowInputs inputs, int maximumLevels, LevelDictionary? shared = null)
    {
        (Name, _program, _inputs, _maximumLevels) = (name, program, inputs, maximumLevels);
        Levels = shared ?? new(isNumeric: true);
    }

    public string Name { get; }

    public LevelDictionary Levels { get; }

    /// <summary>The column whose texts are the levels; null where they are numbers.</summary>
    public string? Column => _column;

    /// <summary>Where in the header the factor comes from.</summary>
    public int Position => _program is null ? _position : _inputs.Position(_program.FirstInput);

    /// <summary>The row's level; −1 while it is new.</summary>
    public int Level { get; private set; }

    public void Bind(IReadOnlyDictionary<string, int> positions)
    {
        if (_column is not null) { _position = positions[_column]; }
    }

    /// <summary>Finds the row's level without changing anything. The inputs have been read.</summary>
    public bool TryFind(RecordReader record, out Rejection rejection)
    {
        rejection = default;
        if (_program is null)
        {
            var field = record.Field(_position);
            Level = Levels.Find(field);
            if (Level < 0 && FieldParser.IsMissing(field))
            {
                rejection = RowInputs.Reject(RejectionReason.Missing, _position, field);
                return false;
            }
        }
        else
        {
            _value = _program.Evaluate(_inputs.Values);
            Level = Levels.Find(_value);
            if (Level < 0 && !double.IsFinite(_value))
            {
                rejection = RowInputs.Reject(RejectionReason.NotFinite, Position, record.Field(Position));
                return false;
            }
        }
        if (Level < 0 && IsFull) { Level = Levels.OtherLevel; }
        return true;
    }

    /// <summary>Whether the row has the same level on both sides of a pair.</summary>
    public bool IsSame(RecordReader record, Factor other) => Level == other.Level
        && (Level >= 0 ? Level != Levels.OtherLevel : _program is null ? record.Field(_position).SequenceEqual(record.Field(other._position)) : _value == other._value);

    /// <summary>Adds the row's level if it is new; beyond the most levels it is <c>(other)</c>.</summary>
    public void Commit(RecordReader record)
    {
        if (Level >= 0) { return; }
        if (IsFull) { Level = Levels.Add(LevelDictionary.Other); }
        else { Level = _program is null ? Levels.Add(record.Field(_position)) : Levels.Add(_value); }
    }

    /// <summary>In prediction an unknown level is <c>(other)</c> where there is one.</summary>
    public void FallBack()
    {
        if (Level < 0) { Level = Levels.OtherLevel; }
    }

    /// <summary>The row's value as it would be named.</summary>
    public string Text(RecordReader record) => _program is null ? Encoding.UTF8.GetString(record.Field(_position)) : LevelDictionary.NameOf(_value);

    bool IsFull => Levels.Count - (Levels.OtherLevel >= 0 ? 1 : 0) >= _maximumLevels;
}
