using System.Diagnostics.CodeAnalysis;
using System.Reflection;

namespace Movento.ApiDescription;

/// <summary>Which words a text of the API may be: the constants of a class, or a list of it. The schema has them as its <c>enum</c>.</summary>
/// <param name="type">The class.</param>
/// <param name="list">A static field or property of it that holds the words; null for its constants.</param>
[AttributeUsage(AttributeTargets.Property)]
public sealed class WordsAttribute(
    [DynamicallyAccessedMembers(WordsAttribute.Members)] Type type, string? list = null) : Attribute
{
    private const DynamicallyAccessedMemberTypes Members = DynamicallyAccessedMemberTypes.PublicFields | DynamicallyAccessedMemberTypes.PublicProperties;

    /// <summary>The class.</summary>
    [DynamicallyAccessedMembers(Members)]
    public Type Type => type;

    /// <summary>The static member of it that holds the words; null for its constants.</summary>
    public string? List => list;

    /// <summary>The words, in their order there.</summary>
    /// <exception cref="InvalidOperationException">The class has no such list.</exception>
    public IReadOnlyList<string> Read() => list is null
        ? [.. type.GetFields(BindingFlags.Public | BindingFlags.Static).Where(field => field.IsLiteral && field.FieldType == typeof(string)).Select(field => (string)field.GetRawConstantValue()!)]
        : [.. (type.GetField(list)?.GetValue(null) ?? type.GetProperty(list)?.GetValue(null)) as IEnumerable<string>
            ?? throw new InvalidOperationException($"{type} has no list of words '{list}'.")];
}
