using System.Collections.Immutable;
using Movento.Packager.IsoBmff;
using Movento.Packager.IsoBmff.Boxes;

namespace Movento.Packager.Protection;

/// <summary>Which DRM system a pssh box is for, and what its body says (ISO/IEC 23001-7 §8.1).</summary>
public static class SystemHeader
{
    /// <summary>The W3C's common system, whose header only names the keys: what ClearKey reads (W3C "cenc" Initialization Data Format §4).</summary>
    public static readonly UInt128 CommonSystemId = new(0x1077efecc0b24d02, 0xace33c1e52e2fb4b);

    /// <summary>Reads a whole box.</summary>
    /// <exception cref="MediaFormatException">These are not exactly the bytes of one pssh box, or it is too large.</exception>
    public static Pssh Read(ReadOnlySpan<byte> box)
    {
        if (box.Length > Presentations.Encryption.MaxSystemHeaderSize)
            throw new MediaFormatException(MediaFormatError.TooLarge, "pssh", 0, $"The system header has {box.Length} bytes; at most {Presentations.Encryption.MaxSystemHeaderSize} are written.");
        var file = new BoxReader(box);
        if (!file.TryReadBox(out var body) || body.Type != BoxType.Pssh)
            throw file.Error(MediaFormatError.Invalid, "A system header is one pssh box.");
        var header = Pssh.Read(ref body);
        return body.Remaining == 0 && file.Remaining == 0
            ? header
            : throw file.Error(MediaFormatError.Invalid, "The system header has bytes after its end.");
    }

    /// <summary>The common system's box for some keys.</summary>
    public static ImmutableArray<byte> Common(ReadOnlySpan<UInt128> keyIds)
    {
        using var writer = new BoxWriter(64 + keyIds.Length * 16);
        Pssh.Write(writer, CommonSystemId, keyIds);
        return [.. writer.Written.Span];
    }
}
