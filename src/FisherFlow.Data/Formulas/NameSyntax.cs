namespace FisherFlow.Data.Formulas;

/// <summary>Which names stand by themselves and which need back quotes, as in R: letters, digits, dots and underscores, a letter first.</summary>
static class NameSyntax
{
    public static bool IsStart(char c) => char.IsLetter(c) || c is '.' or '_' || char.IsSurrogate(c);

    public static bool IsPart(char c) => IsStart(c) || char.IsDigit(c) || char.GetUnicodeCategory(c) is System.Globalization.UnicodeCategory.NonSpacingMark;

    /// <summary>The name as a formula would have to write it.</summary>
    public static string Write(string name) => IsPlain(name) ? name : $"`{name.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("`", "\\`", StringComparison.Ordinal)}`";

    static bool IsPlain(string name)
    {
        if (name.Length == 0 || name == "." || !IsStart(name[0]) || (name[0] == '.' && name.Length > 1 && char.IsAsciiDigit(name[1]))) { return false; }
        foreach (var c in name)
        {
            if (!IsPart(c)) { return false; }
        }
        return true;
    }
}
