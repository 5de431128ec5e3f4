namespace FisherFlow.Data.Formulas;

/// <summary>The spellings of a censored response, which are R's.</summary>
static class SurvivalSyntax
{
    /// <summary>Checks the arguments of Surv(), as far as they are known without the data.</summary>
    public static (List<Node> Arguments, SurvivalType Type) Read(CallNode call, string formula)
    {
        var arguments = new List<Node>();
        var (named, place) = ("", call.Position);
        foreach (var (name, value) in call.Arguments)
        {
            if (name is null) { arguments.Add(value); }
            else if (name == "type" && value.Bare is TextNode text) { (named, place) = (text.Value, value.Position); }
            else { throw new FormulaException("the only option of Surv() is type, as in Surv(low, high, status, type = \"interval\")", value.Position, formula); }
        }
        return (named, arguments.Count) switch
        {
            ("" or "right", 2) => (arguments, SurvivalType.Right),
            ("" or "counting", 3) => (arguments, SurvivalType.Counting),
            ("left", 2) => (arguments, SurvivalType.Left),
            ("interval", 2) => (arguments, SurvivalType.Interval),
            ("interval", 3) => (arguments, SurvivalType.Status),
            ("" or "right" or "left" or "interval" or "counting", _) => throw new FormulaException("Surv takes a time and an event, an entry, an exit and an event, or limits and a status: Surv(time, event), Surv(entry, exit, event), Surv(low, high, status, type = \"interval\")", call.Position, formula),
            _ => throw new FormulaException($"Surv knows no type \"{named}\"; legal are \"right\", \"left\", \"interval\" and \"counting\"", place, formula),
        };
    }
}

/// <summary>How a censored response is written.</summary>
enum SurvivalType
{
    /// <summary>A time, and whether it is an event or a limit from below.</summary>
    Right,
    /// <summary>A time, and whether it is an event or a limit from above.</summary>
    Left,
    /// <summary>Two limits.</summary>
    Interval,
    /// <summary>Two limits and a status.</summary>
    Status,
    /// <summary>An entry, an exit, and whether the exit is an event or a limit from below.</summary>
    Counting,
}
