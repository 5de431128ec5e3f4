using System.CommandLine;

namespace FisherFlow.Cli.Options;

/// <summary>Builds options; each checks its own value, so that a message names the option, the value and what is legal.</summary>
static class Choice
{
    /// <summary>One of a few words.</summary>
    /// <remarks>When the option is not given its value is the type's default, which descriptions name.</remarks>
    public static Option<T> Word<T>(string name, string helpName, string description, params (string Word, T Value)[] words)
    {
        var option = new Option<T>(name)
        {
            Description = description,
            HelpName = helpName,
            Arity = ArgumentArity.ExactlyOne,
            CustomParser = result =>
            {
                var text = result.Tokens[^1].Value;
                foreach (var (word, value) in words)
                {
                    if (word == text) { return value; }
                }
                result.AddError($"{name} cannot be '{text}'; it is one of: {string.Join(", ", words.Select(w => w.Word))}");
                return default!;
            },
        };
        return option.Completing([.. words.Select(w => w.Word)]);
    }

    /// <summary>A rule: a word, perhaps with a number after a colon.</summary>
    public static Option<T?> Rule<T>(string name, string helpName, string description, RuleParser<T> parse, string legal, params string[] words) where T : struct
    {
        var option = new Option<T?>(name)
        {
            Description = description,
            HelpName = helpName,
            CustomParser = result =>
            {
                if (parse(result.Tokens[^1].Value, out var rule)) { return rule; }
                result.AddError($"{name} cannot be '{result.Tokens[^1].Value}'; it is one of: {legal}");
                return null;
            },
        };
        return option.Completing(words);
    }

    /// <summary>A text such as a column or a file.</summary>
    public static Option<string?> Text(string name, string helpName, string description) => new(name) { Description = description, HelpName = helpName };

    /// <summary>A switch.</summary>
    public static Option<bool> Switch(string name, string description) => new Option<bool>(name) { Description = description }.Completing();

    /// <summary>Lets shells complete an option's value with these words, and not with the names that the type has inside.</summary>
    public static Option<T> Completing<T>(this Option<T> option, params string[] words)
    {
        option.CompletionSources.Clear();
        option.CompletionSources.Add(words);
        return option;
    }

    /// <summary>A number that must satisfy a condition.</summary>
    public static Option<double?> Number(string name, string helpName, string description, Func<double, bool> legal, string what) => new(name)
    {
        Description = description,
        HelpName = helpName,
        CustomParser = result =>
        {
            if (double.TryParse(result.Tokens[^1].Value, out var value) && double.IsFinite(value) && legal(value)) { return value; }
            result.AddError($"{name} cannot be '{result.Tokens[^1].Value}'; it is {what}");
            return null;
        },
    };

    /// <summary>A count of at least <paramref name="minimum"/>.</summary>
    public static Option<long?> Count(string name, string helpName, string description, long minimum) => new(name)
    {
        Description = description,
        HelpName = helpName,
        CustomParser = result =>
        {
            if (long.TryParse(result.Tokens[^1].Value, out var value) && value >= minimum && value <= int.MaxValue) { return value; }
            result.AddError($"{name} cannot be '{result.Tokens[^1].Value}'; it is a whole number from {minimum} to {int.MaxValue}");
            return null;
        },
    };
}

/// <summary>Reads a rule as users write it.</summary>
delegate bool RuleParser<T>(string text, out T rule);
