namespace Movento.Packager.IsoBmff;

/// <summary>A four-character code, the type of a box, brand, handler or sample entry (ISO/IEC 14496-12 §4.2).</summary>
/// <param name="Value">The four bytes, the first one in the highest bits.</param>
public readonly record struct FourCC(uint Value)
{
    /// <summary>The code of four ASCII characters, such as <c>"moov"u8</c>.</summary>
    /// <exception cref="ArgumentException">Not four bytes.</exception>
    public static FourCC Of(ReadOnlySpan<byte> characters) => characters.Length == 4
        ? new(System.Buffers.Binary.BinaryPrimitives.ReadUInt32BigEndian(characters))
        : throw new ArgumentException("A four-character code has four characters.", nameof(characters));

    /// <summary>The four characters; those that cannot be printed become '?'.</summary>
    public override string ToString() => string.Create(4, Value, static (text, value) =>
    {
        for (var index = 0; index < 4; index++)
        {
            var character = (char)(value >> (24 - 8 * index) & 0xff);
            text[index] = character is >= ' ' and <= '~' ? character : '?';
        }
    });
}
