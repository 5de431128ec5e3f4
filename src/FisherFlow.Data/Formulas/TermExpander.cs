namespace FisherFlow.Data.Formulas;

/// <summary>Multiplies out the right side of a formula by R's rules (Chambers and Hastie 1992, §2.4.1; checked against <c>terms()</c>).</summary>
sealed class TermExpander(string formula, IReadOnlyList<string>? dotColumns)
{
    const int MaximumTerms = 20_000;
    const int MostSlots = 1 << 24;

    readonly ExpressionCheck _check = new(formula);
    readonly List<Variable> _variables = [];
    readonly Dictionary<string, int> _numbers = [];
    readonly List<Node> _offsets = [];
    int _interceptPosition = -1;

    public FormulaTerms Expand(Node right)
    {
        var set = Expand(right, level: 0);
        return new(_variables, [.. set.Terms.OrderBy(term => term.Length)], _offsets, set.Intercept ?? true, _interceptPosition);
    }

    /// <param name="node">A node of formula algebra.</param>
    /// <param name="level">0 in the outermost sum, where 1, 0 and offset() may stand.</param>
    TermSet Expand(Node node, int level) => node switch
    {
        ParenthesisNode parenthesis => Expand(parenthesis.Inner, level),
        SumNode sum => Sum(sum, level),
        UnaryNode { Operator: "-" } minus => Minus(minus, level),
        NumberNode number => Number(number, level),
        DotNode dot => Dot(dot),
        NameNode name => One(new(name.Name, name, IsFactor: false, name.Position)),
        BinaryNode { Operator: "*" } cross => Cross(cross),
        BinaryNode { Operator: ":" } interaction => Interact(interaction, Expand(interaction.Left, level + 1), Expand(interaction.Right, level + 1)),
        BinaryNode { Operator: "^" } power => Power(power),
        BinaryNode { Operator: "/" } => throw Error(node, "'/' (nesting) is not supported; write a + a:b for nesting, or I(a / b) for the quotient"),
        BinaryNode or UnaryNode when HasOpenSum(node) => throw Error(node, "the comparison would take in the sum beside it; write the comparison as I(x > 3), or the sum in parentheses"),
        BinaryNode or UnaryNode => Expression(node, node),
        CallNode { Function: "offset" } offset => Offset(offset, level),
        CallNode call when Functions.IsFactor(call.Function) => Factor(call),
        CallNode { Function: "hash" } call => Hash(call, level),
        CallNode { Function: "pair" } call => Pair(call),
        CallNode { Function: "I" } call => Expression(call, _check.Single(call)),
        CallNode call => Expression(call, call),
        _ => throw Error(node, "a text is not a term; a column is named without quotes, or in back quotes: `my column`"),
    };

    /// <summary>Whether a bare comparison has a sum for an operand: <c>a + x > 3</c> is <c>(a + x) > 3</c> to R, which is hardly meant.</summary>
    static bool HasOpenSum(Node node) => node switch
    {
        SumNode => true,
        UnaryNode unary => HasOpenSum(unary.Operand),
        BinaryNode binary => HasOpenSum(binary.Left) || HasOpenSum(binary.Right),
        _ => false,
    };

    TermSet Sum(SumNode sum, int level)
    {
        var set = new TermSet();
        foreach (var (minus, part) in sum.Parts)
        {
            if (!minus)
            {
                set.Add(Expand(part, level));
                continue;
            }
            if (part.Bare is CallNode { Function: "offset" }) { throw Error(part, "an offset cannot be taken out; leave it away"); }
            set.Remove(Expand(part, level));
        }
        return set;
    }

    TermSet Minus(UnaryNode minus, int level)
    {
        if (minus.Operand.Bare is CallNode { Function: "offset" }) { throw Error(minus, "an offset cannot be taken out; write offset(-x) for its negative"); }
        var nothing = new TermSet();
        nothing.Remove(Expand(minus.Operand, level));
        return nothing;
    }

    TermSet Number(NumberNode number, int level)
    {
        if (number.Value is not (0 or 1)) { throw Error(number, "the only numbers that are terms are 1 and 0, for the intercept; arithmetic stands inside I(), as in I(2 * x)"); }
        if (level > 0) { throw Error(number, "1 and 0 stand for the intercept and are terms by themselves: y ~ x - 1"); }
        _interceptPosition = number.Position;
        return new() { Intercept = number.Value == 1 };
    }

    TermSet Dot(DotNode dot)
    {
        var set = new TermSet();
        foreach (var column in dotColumns ?? []) { set.Add(One(new(NameSyntax.Write(column), new NameNode(column, dot.Position), IsFactor: false, dot.Position))); }
        return set;
    }

    TermSet Cross(BinaryNode node)
    {
        var left = Expand(node.Left, level: 1);
        var right = Expand(node.Right, level: 1);
        var both = Interact(node, left, right);
        var set = new TermSet();
        set.Add(left);
        set.Add(right);
        set.Add(both);
        return set;
    }

    TermSet Interact(Node at, TermSet left, TermSet right)
    {
        if ((long)left.Terms.Count * right.Terms.Count > MaximumTerms) { throw Error(at, $"this multiplies out to more than {MaximumTerms} terms"); }
        return TermSet.Interact(left, right);
    }

    TermSet Power(BinaryNode node)
    {
        if (node.Right.Bare is not NumberNode { Value: >= 1 and <= 100 } exponent || exponent.Value != Math.Floor(exponent.Value))
        {
            throw Error(node.Right, "in a formula the exponent is a whole number, as in (a + b + c)^2; for the power of a column write I(x^2)");
        }
        var single = Expand(node.Left, level: 1);
        var set = single;
        for (var i = 1; i < exponent.Value; i++)
        {
            var next = new TermSet();
            next.Add(set);
            next.Add(Interact(node, set, single));
            if (next.Terms.Count == set.Terms.Count) { break; }
            set = next;
        }
        if (single.Terms.Count == 1 && exponent.Value > 1 && node.Left.Bare is NameNode name)
        {
            throw Error(node, $"{name.Name}^{exponent.Name} is {name.Name} itself in a formula; write I({name.Name}^{exponent.Name}) for the power");
        }
        return set;
    }

    TermSet Offset(CallNode call, int level)
    {
        if (level > 0) { throw Error(call, "offset() is a term by itself: y ~ x + offset(log(e))"); }
        var argument = _check.Single(call);
        _check.Check(argument);
        _offsets.Add(argument);
        return new();
    }

    TermSet Expression(Node named, Node expression)
    {
        _check.Check(expression);
        return One(new(named.Name, expression, IsFactor: false, named.Position));
    }

    TermSet Factor(CallNode call) => One(FactorOf(call, formula, _check));

    TermSet Pair(CallNode call)
    {
        if (call.Arguments is not [(null, var first), (null, var second)] || first.Bare is not NameNode || second.Bare is not NameNode)
        {
            throw Error(call, "pair takes two columns that name the sides of a comparison: pair(home, away)");
        }
        if (first.Bare.Name == second.Bare.Name) { throw Error(second, "pair takes two different columns: pair(home, away)"); }
        return One(new(call.Name, first.Bare, IsFactor: true, call.Position) { Second = second.Bare });
    }

    /// <summary>Reads C(column or expression, ref = "level").</summary>
    public static Variable FactorOf(CallNode call, string formula, ExpressionCheck check)
    {
        if (call.Arguments.Count == 0 || call.Arguments[0].Name is not null)
        {
            throw new FormulaException($"{call.Function} takes a column: {call.Function}(g) or {call.Function}(g, ref = \"b\")", call.Position, formula);
        }
        var expression = call.Arguments[0].Value;
        check.Check(expression);
        var variable = new Variable(new CallNode(call.Function, [(null, expression)], call.Position).Name, expression, IsFactor: true, call.Position);
        foreach (var (name, value) in call.Arguments.Skip(1))
        {
            if (name != "ref")
            {
                throw new FormulaException($"the only option of {call.Function}() is ref, as in {call.Function}(g, ref = \"b\"); contrasts other than R's default are not kept", value.Position, formula);
            }
            variable = variable with
            {
                Reference = value.Bare switch
                {
                    TextNode text => text.Value,
                    NumberNode number => number.Name,
                    _ => throw new FormulaException("a reference level is a text or a number, as in C(g, ref = \"b\")", value.Position, formula),
                },
                ReferencePosition = value.Position,
            };
        }
        return variable;
    }

    /// <summary>Reads hash(column, slots) and hash(a:b, slots).</summary>
    TermSet Hash(CallNode call, int level)
    {
        if (level > 0) { throw Error(call, "hash() is a term by itself; to hash a combination of columns put it inside: hash(a:b, 2^20)"); }
        if (call.Arguments is not [(null, var fields), (null or "slots", var size)])
        {
            throw Error(call, "hash takes a column, or several with colons between them, and the number of slots: hash(shop, 2^18) or hash(a:b, 2^20)");
        }
        var columns = new List<NameNode>();
        CollectHashed(fields, columns);
        var slots = size.Bare switch
        {
            NumberNode number => number.Value,
            BinaryNode { Operator: "^" } power when (power.Left.Bare, power.Right.Bare) is (NumberNode b, NumberNode e) => Math.Pow(b.Value, e.Value),
            _ => double.NaN,
        };
        if (!(slots >= 2 && slots <= MostSlots && slots == Math.Floor(slots))) { throw Error(size, $"the slots of hash() are a whole number from 2 to {MostSlots} (2^24), such as 2^18"); }
        var name = $"hash({string.Join(':', columns.Select(column => column.Name))})";
        if (_numbers.TryGetValue(name, out var known) && _variables[known].Slots != (int)slots) { throw Error(size, $"{name} has {_variables[known].Slots} slots elsewhere in the formula; it can have one number of them"); }
        return One(new(name, call, IsFactor: true, call.Position) { Slots = (int)slots, HashedColumns = columns });
    }

    void CollectHashed(Node node, List<NameNode> columns)
    {
        switch (node.Bare)
        {
            case NameNode name: columns.Add(name); break;
            case BinaryNode { Operator: ":" } pair:
                CollectHashed(pair.Left, columns);
                CollectHashed(pair.Right, columns);
                break;
            default: throw Error(node, "hash takes columns by their names, with colons between several: hash(shop, 2^18) or hash(a:b, 2^20)");
        }
    }

    TermSet One(Variable variable)
    {
        if (!_numbers.TryGetValue(variable.Name, out var number))
        {
            number = _variables.Count;
            _numbers.Add(variable.Name, number);
            _variables.Add(variable);
        }
        else if (variable.Reference is { } reference)
        {
            var known = _variables[number];
            if (known.Reference is { } other && other != reference)
            {
                throw new FormulaException($"{variable.Name} has two reference levels, '{other}' and '{reference}'; one is legal", variable.ReferencePosition, formula);
            }
            known.Reference = reference;
        }
        var set = new TermSet();
        set.Add([number]);
        return set;
    }

    FormulaException Error(Node at, string problem) => new(problem, at.Position, formula);
}
