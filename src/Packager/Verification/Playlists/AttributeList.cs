using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Movento.Packager.Verification.Playlists;

/// <summary>An attribute list (RFC 8216bis §4.2), read strictly.</summary>
internal sealed class AttributeList
{
    private const int MaxAttributes = 128;

    private readonly Dictionary<string, AttributeValue> _values = new(StringComparer.Ordinal);

    public IEnumerable<KeyValuePair<string, AttributeValue>> All => _values;

    /// <summary>Reads a list.</summary>
    /// <param name="text">What stands behind the tag's colon.</param>
    /// <param name="problem">Takes each thing that is wrong; what can be read is read all the same.</param>
    public static AttributeList Read(ReadOnlySpan<char> text, Action<string> problem)
    {
        var list = new AttributeList();
        while (!text.IsEmpty)
        {
            var equals = text.IndexOf('=');
            if (equals <= 0 || text[..equals].ContainsAnyExcept(NameCharacters))
            {
                problem($"'{Shorten(text)}' does not begin with a name of A-Z, 0-9 and - and an equals sign.");
                return list;
            }

            var name = text[..equals].ToString();
            text = text[(equals + 1)..];
            var isQuoted = !text.IsEmpty && text[0] == '"';
            int end;
            if (isQuoted)
            {
                end = text[1..].IndexOf('"') + 2;
                if (end < 2)
                {
                    problem($"The value of {name} has no closing quote.");
                    return list;
                }
            }
            else
            {
                end = text.IndexOf(',');
                if (end < 0)
                    end = text.Length;
                if (end == 0)
                    problem($"{name} has no value.");
                else if (text[..end].IndexOfAny(' ', '\t', '"') >= 0)
                    problem($"The value of {name} has a space or a quote in it.");
            }

            var value = new AttributeValue((isQuoted ? text[1..(end - 1)] : text[..end]).ToString(), isQuoted);
            if (!list._values.TryAdd(name, value))
                problem($"{name} stands there twice.");
            if (list._values.Count > MaxAttributes)
            {
                problem($"There are more than {MaxAttributes} attributes.");
                return list;
            }

            text = text[end..];
            if (text.IsEmpty)
                break;
            if (text[0] != ',')
            {
                problem($"A comma is wanted behind {name}.");
                return list;
            }

            text = text[1..];
            if (text.IsEmpty)
                problem("The list ends with a comma.");
        }

        return list;
    }

    public bool TryGet(string name, out AttributeValue value) => _values.TryGetValue(name, out value);

    public string? Text(string name) => _values.TryGetValue(name, out var value) ? value.Text : null;

    public long? Integer(string name) =>
        _values.TryGetValue(name, out var value) && long.TryParse(value.Text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

    public decimal? Number(string name) =>
        _values.TryGetValue(name, out var value) && decimal.TryParse(value.Text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number)
            ? number
            : null;

    public bool Is(string name, string expected) => _values.TryGetValue(name, out var value) && value.Text == expected;

    private static readonly System.Buffers.SearchValues<char> NameCharacters = System.Buffers.SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-");

    private static string Shorten(ReadOnlySpan<char> text) => text.Length <= 40 ? text.ToString() : $"{text[..40]}…";
}

/// <summary>A value without its quotes.</summary>
[SuppressMessage("Naming", "CA1720:Identifier contains type name", Justification = "The standard's own words.")]
internal readonly record struct AttributeValue(string Text, bool IsQuoted);
