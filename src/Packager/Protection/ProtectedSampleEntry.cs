using System.Buffers.Binary;
using Movento.Packager.IsoBmff;
using Movento.Packager.IsoBmff.Boxes;
using Movento.Packager.Presentations;

namespace Movento.Packager.Protection;

/// <summary>Turns a sample entry into encv or enca: the same with a sinf that says what it was and how to decrypt (ISO/IEC 14496-12 §8.12).</summary>
internal static class ProtectedSampleEntry
{
    private const uint SchemeVersion = 0x00010000; // ISO/IEC 23001-7 §4.2

    /// <summary>Writes the entry.</summary>
    /// <param name="writer">Takes it.</param>
    /// <param name="entry">The whole entry in the clear.</param>
    /// <param name="isVideo">Whether it is a visual one.</param>
    /// <param name="scheme">cbcs or cenc.</param>
    /// <param name="defaults">How samples are encrypted where no group says otherwise.</param>
    public static void Write(BoxWriter writer, ReadOnlySpan<byte> entry, bool isVideo, EncryptionScheme scheme, Tenc defaults)
    {
        var box = writer.Begin(isVideo ? BoxType.Encv : BoxType.Enca);
        writer.WriteBytes(entry[8..]);
        var sinf = writer.Begin(BoxType.Sinf);
        var frma = writer.Begin(BoxType.Frma);
        writer.WriteUInt32(BinaryPrimitives.ReadUInt32BigEndian(entry[4..]));
        writer.End(frma);
        var schm = writer.BeginFull(BoxType.Schm, 0, 0);
        writer.WriteUInt32(FourCC.Of(scheme == EncryptionScheme.Cbcs ? "cbcs"u8 : "cenc"u8).Value);
        writer.WriteUInt32(SchemeVersion);
        writer.End(schm);
        var schi = writer.Begin(BoxType.Schi);
        defaults.Write(writer);
        writer.End(schi);
        writer.End(sinf);
        writer.End(box);
    }
}
