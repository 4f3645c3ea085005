namespace Movento.Contracts;

/// <summary>A country: two letters from A to Z (ISO 3166-1 alpha-2).</summary>
public readonly record struct CountryCode
{
    /// <summary>Letters of a code.</summary>
    public const int Length = 2;

    private readonly char _first;
    private readonly char _second;

    private CountryCode(char first, char second) => (_first, _second) = (first, second);

    /// <summary>Reads two letters, in whatever case; anything else is none.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out CountryCode country)
    {
        country = default;
        if (text.Length != Length || !char.IsAsciiLetter(text[0]) || !char.IsAsciiLetter(text[1])) return false;
        country = new CountryCode((char)(text[0] & ~0x20), (char)(text[1] & ~0x20));
        return true;
    }

    /// <summary>Reads two letters, in whatever case.</summary>
    /// <exception cref="FormatException">It is anything else.</exception>
    public static CountryCode Parse(string text) =>
        TryParse(text, out var country) ? country : throw new FormatException($"'{text}' is not a country's two letters (ISO 3166-1).");

    /// <summary>The two letters, upper case.</summary>
    public override string ToString() => new([_first, _second]);
}
