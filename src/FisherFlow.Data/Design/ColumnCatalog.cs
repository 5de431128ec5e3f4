using System.Globalization;
using FisherFlow.Data.Formulas;
using FisherFlow.Data.Sources;

namespace FisherFlow.Data.Design;

/// <summary>The columns of the data by name, and what each holds; a name that is not there is an error that says what is.</summary>
sealed class ColumnCatalog
{
    const int Listed = 20;

    readonly Dictionary<string, ColumnProfile> _columns = [];
    readonly Formula _formula;

    public ColumnCatalog(Formula formula, IReadOnlyList<ColumnProfile> columns)
    {
        _formula = formula;
        Columns = columns;
        foreach (var column in columns) { _columns.TryAdd(column.Name, column); }
    }

    ColumnCatalog(Formula formula, ColumnCatalog other) => (_formula, _columns, Columns, Used) = (formula, other._columns, other.Columns, other.Used);

    /// <summary>The same columns for another formula, which messages then point into.</summary>
    public ColumnCatalog For(Formula formula) => formula == _formula ? this : new(formula, this);

    public IReadOnlyList<ColumnProfile> Columns { get; }

    /// <summary>The columns that the formula and the options use.</summary>
    public SortedDictionary<string, ColumnKind> Used { get; } = new(StringComparer.Ordinal);

    /// <summary>A column that the formula names.</summary>
    /// <exception cref="FormulaException">There is no such column.</exception>
    public ColumnProfile Get(NameNode name)
    {
        if (!_columns.TryGetValue(name.Column, out var column)) { throw _formula.Error($"there is no column '{name.Column}'; {Describe(name.Column)}", name.Position); }
        return Use(column);
    }

    /// <summary>A numeric column that an option names.</summary>
    /// <exception cref="DataException">There is no such column, or it is not numeric.</exception>
    public ColumnProfile GetNumeric(string name, string role)
    {
        var column = Get(name, role);
        return column.Kind == ColumnKind.Numeric
            ? column
            : throw new DataException($"the {role} column '{name}' holds {Describe(column.Kind)}; it must be numeric{HintOn(column)}");
    }

    /// <summary>A column that an option names.</summary>
    public ColumnProfile Get(string name, string role) => _columns.TryGetValue(name, out var column)
        ? Use(column)
        : throw new DataException($"there is no {role} column '{name}'; {Describe(name)}");

    public static string Describe(ColumnKind kind) => kind switch
    {
        ColumnKind.Numeric => "numbers",
        ColumnKind.Boolean => "truth values",
        ColumnKind.Date => "dates",
        _ => "text",
    };

    /// <summary>What may be wrong with a column of text that ought to be numbers; empty where nothing can be said.</summary>
    public static string HintOn(ColumnProfile column) =>
        column.Kind == ColumnKind.Text && column.Levels.Any(level => level.Contains(',', StringComparison.Ordinal)) && column.Levels.All(level => IsNumber(level.Replace(',', '.')))
            ? ". Numbers have a decimal point, not a comma" : "";

    /// <summary>At most so many names, separated by commas.</summary>
    public static string List(IEnumerable<string> names)
    {
        var all = names.ToList();
        return string.Join(", ", all.Take(Listed)) + (all.Count > Listed ? $", … ({all.Count} in all)" : "");
    }

    ColumnProfile Use(ColumnProfile column)
    {
        Used[column.Name] = column.Kind;
        return column;
    }

    string Describe(string missing)
    {
        var close = Columns.FirstOrDefault(column => string.Equals(column.Name.Trim(), missing.Trim(), StringComparison.OrdinalIgnoreCase));
        return close is not null ? $"did you mean '{close.Name}'?" : $"the data have: {List(Columns.Select(column => column.Name))}{HintOnHeader()}";
    }

    string HintOnHeader() =>
        Columns.Count > 0 && Columns.All(column => IsNumber(column.Name)) ? ". The first line holds the names of the columns; is it missing?"
        : Columns is [{ Name: var only }] && only.Any(char.IsWhiteSpace) ? ". Columns are told apart by commas, semicolons, tabs or |"
        : "";

    static bool IsNumber(string text) => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out _);
}
