using System.Buffers;
using System.Buffers.Text;

namespace Movento.Contracts;

/// <summary>base64url without padding (RFC 4648 §5), where some bytes have one text: no padding, no white space, and the unused bits of the last character zero (§3.5).</summary>
public static class StrictBase64Url
{
    // The last character carries two or four bits of the last byte: every sixteenth or every fourth letter of the alphabet.
    private static readonly SearchValues<char> LastOfTwo = SearchValues.Create("AQgw");
    private static readonly SearchValues<char> LastOfThree = SearchValues.Create("AEIMQUYcgkosw048");

    /// <summary>Bytes of so many characters.</summary>
    public static int LengthOf(int characters) => (int)(characters * 6L / 8);

    /// <summary>Decodes <paramref name="text"/>; false where it is not the one text of its bytes, or <paramref name="bytes"/> has no room for them.</summary>
    public static bool TryDecode(ReadOnlySpan<char> text, Span<byte> bytes, out int length)
    {
        length = LengthOf(text.Length);

        // The decoder skips white space and accepts padding; both cost characters, so only clean text yields all the bytes.
        return length <= bytes.Length
            && EndsInZeros(text)
            && Base64Url.DecodeFromChars(text, bytes, out _, out var written) == OperationStatus.Done
            && written == length;
    }

    private static bool EndsInZeros(ReadOnlySpan<char> text) => (text.Length % 4) switch
    {
        0 => true,
        2 => LastOfTwo.Contains(text[^1]),
        3 => LastOfThree.Contains(text[^1]),
        _ => false,
    };
}
