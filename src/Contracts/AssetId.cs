using System.Buffers;
using System.Diagnostics.CodeAnalysis;

namespace Movento.Contracts;

/// <summary>
/// Names one asset: one film with all its versions. A version 7 UUID (RFC 9562), so that ids sort by the time
/// they were made; its text form is 32 lower-case hexadecimal digits, and nothing else parses.
/// </summary>
public readonly record struct AssetId(Guid Value) : ISpanParsable<AssetId>, IComparable<AssetId>
{
    /// <summary>Characters in the text form.</summary>
    public const int TextLength = 32;

    private static readonly SearchValues<char> Digits = SearchValues.Create("0123456789abcdef");

    /// <summary>A new id, made at <paramref name="now"/>.</summary>
    public static AssetId New(DateTimeOffset now) => new(Guid.CreateVersion7(now));

    /// <inheritdoc/>
    public override string ToString() => Value.ToString("N");

    /// <inheritdoc/>
    public int CompareTo(AssetId other) => Value.CompareTo(other.Value);

    /// <summary>Parses the text form: exactly 32 lower-case hexadecimal digits.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out AssetId id)
    {
        id = default;
        if (text.Length != TextLength || text.ContainsAnyExcept(Digits)) return false;
        if (!Guid.TryParseExact(text, "N", out var value)) return false;
        id = new AssetId(value);
        return true;
    }

    /// <inheritdoc/>
    public static bool TryParse(ReadOnlySpan<char> s, IFormatProvider? provider, out AssetId result) => TryParse(s, out result);

    /// <inheritdoc/>
    public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, out AssetId result) =>
        TryParse(s.AsSpan(), out result);

    /// <inheritdoc/>
    public static AssetId Parse(ReadOnlySpan<char> s, IFormatProvider? provider = null) =>
        TryParse(s, out var id) ? id : throw new FormatException("An asset id is 32 lower-case hexadecimal digits.");

    /// <inheritdoc/>
    public static AssetId Parse(string s, IFormatProvider? provider = null) => Parse(s.AsSpan(), provider);

    public static bool operator <(AssetId left, AssetId right) => left.CompareTo(right) < 0;
    public static bool operator >(AssetId left, AssetId right) => left.CompareTo(right) > 0;
    public static bool operator <=(AssetId left, AssetId right) => left.CompareTo(right) <= 0;
    public static bool operator >=(AssetId left, AssetId right) => left.CompareTo(right) >= 0;
}
