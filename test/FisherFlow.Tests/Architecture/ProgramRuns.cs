using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace FisherFlow.Tests.Architecture;

/// <summary>The words of a run of the real program, as a test writes them.</summary>
/// <param name="Place">The test.</param>
/// <param name="Words">Its literals, in their order.</param>
sealed record ProgramRun(string Place, IReadOnlyList<string> Words)
{
    /// <summary>The verb that is run, or null.</summary>
    public string? Verb(IReadOnlyCollection<string> verbs) => Words.FirstOrDefault(verbs.Contains);
}

/// <summary>Finds, in the sources of the tests, the runs of the real program that succeed.</summary>
/// <remarks>
/// A run is a call of <c>DataFolder.Do</c>, which fails when the program does, or of <c>RunWithInput</c>. Literals count wherever they come from: the call itself, a local
/// variable, a field, a method of the class that lists words, the rows of a theory, or the callers of a method that passes its parameters on.
/// </remarks>
static class ProgramRuns
{
    static readonly string[] _calls = ["Do", "RunWithInput"];

    public static IReadOnlyList<ProgramRun> All { get; } = [.. Repository.Sources("test/FisherFlow.Tests/Cli").SelectMany(path => In(Repository.Read(path)))];

    /// <summary>The runs that the classes of a source start.</summary>
    public static IEnumerable<ProgramRun> In(string code)
    {
        foreach (var type in CSharpSyntaxTree.ParseText(code).GetRoot().DescendantNodes().OfType<ClassDeclarationSyntax>().Where(t => t.Identifier.Text != "DataFolder"))
        {
            foreach (var call in type.DescendantNodes().OfType<InvocationExpressionSyntax>().Where(c => _calls.Contains(NameOf(c))))
            {
                foreach (var words in Alternatives(call, type, [])) { yield return new($"{type.Identifier.Text}.{MemberOf(call)?.Identifier.Text}", words); }
            }
        }
    }

    /// <summary>The words of a call: once for each row of the theory and each caller that it stands for.</summary>
    static IEnumerable<List<string>> Alternatives(InvocationExpressionSyntax call, ClassDeclarationSyntax type, HashSet<string> seen)
    {
        var words = Literals(call.ArgumentList, type, call).ToList();
        if (MemberOf(call) is not { } member || !Names(call.ArgumentList).Any(name => member.ParameterList.Parameters.Any(p => p.Identifier.Text == name)) || !seen.Add(member.Identifier.Text))
        {
            yield return words;
            yield break;
        }
        foreach (var row in member.AttributeLists.SelectMany(list => list.Attributes).Where(a => a.Name.ToString() == "InlineData"))
        {
            yield return [.. words, .. LiteralsIn(row)];
        }
        foreach (var caller in type.DescendantNodes().OfType<InvocationExpressionSyntax>().Where(c => NameOf(c) == member.Identifier.Text))
        {
            foreach (var further in Alternatives(caller, type, [.. seen])) { yield return [.. words, .. further]; }
        }
    }

    /// <summary>Literals of an expression in their order, names in it replaced by what they stand for.</summary>
    static IEnumerable<string> Literals(SyntaxNode node, ClassDeclarationSyntax type, SyntaxNode place)
    {
        foreach (var inner in node.DescendantNodes())
        {
            switch (inner)
            {
                case LiteralExpressionSyntax literal when literal.IsKind(SyntaxKind.StringLiteralExpression): yield return literal.Token.ValueText; break;
                case InterpolatedStringTextSyntax text: yield return text.TextToken.ValueText; break;
                case IdentifierNameSyntax name:
                    foreach (var word in Definitions(name.Identifier.Text, type, MemberOf(place)).SelectMany(LiteralsIn)) { yield return word; }
                    break;
            }
        }
    }

    static IEnumerable<SyntaxNode> Definitions(string name, ClassDeclarationSyntax type, MethodDeclarationSyntax? member) =>
        type.Members.OfType<FieldDeclarationSyntax>().SelectMany(f => f.Declaration.Variables).Concat(member?.DescendantNodes().OfType<VariableDeclaratorSyntax>() ?? [])
            .Where(v => v.Identifier.Text == name && v.Initializer is not null && !v.Initializer.DescendantNodes().OfType<InvocationExpressionSyntax>().Any(c => _calls.Contains(NameOf(c))))
            .Select(SyntaxNode (v) => v.Initializer!)
            .Concat(type.Members.OfType<MethodDeclarationSyntax>().Where(m => m.Identifier.Text == name && m.ReturnType is ArrayTypeSyntax));

    static IEnumerable<string> LiteralsIn(SyntaxNode node) =>
        node.DescendantNodes().OfType<LiteralExpressionSyntax>().Where(l => l.IsKind(SyntaxKind.StringLiteralExpression)).Select(l => l.Token.ValueText);

    static IEnumerable<string> Names(SyntaxNode node) => node.DescendantNodes().OfType<IdentifierNameSyntax>().Select(name => name.Identifier.Text);

    static MethodDeclarationSyntax? MemberOf(SyntaxNode node) => node.FirstAncestorOrSelf<MethodDeclarationSyntax>();

    static string NameOf(InvocationExpressionSyntax call) => call.Expression switch
    {
        MemberAccessExpressionSyntax access => access.Name.Identifier.Text,
        IdentifierNameSyntax name => name.Identifier.Text,
        _ => "",
    };
}
