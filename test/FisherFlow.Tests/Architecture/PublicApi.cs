using System.Reflection;
using System.Text;

namespace FisherFlow.Tests.Architecture;

/// <summary>Writes down everything public of an assembly, one line a member, in a fixed order.</summary>
static class PublicApi
{
    const BindingFlags Declared = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    public static string Describe(params Assembly[] assemblies)
    {
        var text = new StringBuilder();
        foreach (var assembly in assemblies)
        {
            text.Append($"# {assembly.GetName().Name}\n");
            foreach (var type in assembly.GetExportedTypes().OrderBy(t => t.FullName, StringComparer.Ordinal))
            {
                text.Append($"\n{Kind(type)} {Name(type, full: true)}{Bases(type)}\n");
                foreach (var line in Members(type).Distinct().Order(StringComparer.Ordinal)) { text.Append($"  {line}\n"); }
            }
            text.Append('\n');
        }
        return text.ToString();
    }

    static string Kind(Type type) =>
        type.IsEnum ? "enum" : type.IsInterface ? "interface" : type.IsValueType ? "struct" : type.IsAbstract && type.IsSealed ? "static class" : type.IsSealed ? "class" : "abstract class";

    static string Bases(Type type)
    {
        if (type.IsEnum) { return ""; }
        var bases = new[] { type.BaseType }.Where(b => b is not null && b != typeof(object) && b != typeof(ValueType)).Concat(type.GetInterfaces().Where(i => i.IsPublic))
            .Select(b => Name(b!)).Order(StringComparer.Ordinal).ToList();
        return bases.Count == 0 ? "" : $" : {string.Join(", ", bases)}";
    }

    static IEnumerable<string> Members(Type type)
    {
        if (type.IsEnum) { return Enum.GetNames(type).Select(name => $"{name} = {Convert.ToInt64(Enum.Parse(type, name))}"); }
        var fields = type.GetFields(Declared).Where(f => f.IsPublic || f.IsFamily).Select(f => $"{(f.IsLiteral ? "const " : f.IsStatic ? "static " : "")}{Name(f.FieldType)} {f.Name}");
        var constructors = type.GetConstructors(Declared).Where(Visible).Select(c => $"new({Parameters(c)})");
        var properties = type.GetProperties(Declared).Where(p => p.GetAccessors(true).Any(Visible)).Select(Property);
        var methods = type.GetMethods(Declared).Where(m => Visible(m) && (!m.IsSpecialName || m.Name.StartsWith("op_", StringComparison.Ordinal)) && !m.Name.Contains('<', StringComparison.Ordinal))
            .Select(m => $"{Modifier(m)}{Name(m.ReturnType)} {m.Name}{Generics(m)}({Parameters(m)})");
        return fields.Concat(constructors).Concat(properties).Concat(methods);
    }

    static string Property(PropertyInfo property)
    {
        var accessors = property.GetAccessors(true).Where(Visible).Select(a =>
            a == property.GetMethod ? "get" : a.ReturnParameter.GetRequiredCustomModifiers().Any(m => m.Name == "IsExternalInit") ? "init" : "set");
        var index = property.GetIndexParameters() is { Length: > 0 } parameters ? $"[{string.Join(", ", parameters.Select(p => Name(p.ParameterType)))}]" : "";
        return $"{Modifier(property.GetAccessors(true)[0])}{Name(property.PropertyType)} {property.Name}{index} {{ {string.Join("; ", accessors)} }}";
    }

    static bool Visible(MethodBase method) => method.IsPublic || method.IsFamily || method.IsFamilyOrAssembly;

    static string Modifier(MethodInfo method) => method.IsStatic ? method.IsAbstract ? "static abstract " : "static " : "";

    static string Generics(MethodInfo method) => method.IsGenericMethod ? $"<{string.Join(", ", method.GetGenericArguments().Select(a => a.Name))}>" : "";

    static string Parameters(MethodBase method) => string.Join(", ", method.GetParameters().Select(p =>
        $"{(p.IsOut ? "out " : p.IsIn ? "in " : p.ParameterType.IsByRef ? "ref " : "")}{Name(p.ParameterType)} {p.Name}{(p.HasDefaultValue ? $" = {p.RawDefaultValue ?? "default"}" : "")}"));

    static string Name(Type type, bool full = false)
    {
        if (type.IsByRef) { return Name(type.GetElementType()!); }
        if (type.IsArray) { return $"{Name(type.GetElementType()!)}[{new string(',', type.GetArrayRank() - 1)}]"; }
        if (type.IsGenericParameter) { return type.Name; }
        var name = full ? type.FullName! : type.Name;
        var arguments = type.GetGenericArguments();
        return arguments.Length == 0 ? name : $"{name[..name.IndexOf('`', StringComparison.Ordinal)]}<{string.Join(", ", arguments.Select(a => Name(a)))}>";
    }
}
