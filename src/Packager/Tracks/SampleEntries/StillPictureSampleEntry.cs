using System.Collections.Immutable;
using Movento.Packager.Codecs;
using Movento.Packager.IsoBmff;
using Movento.Packager.Presentations;

namespace Movento.Packager.Tracks.SampleEntries;

/// <summary>
/// The sample entry of still pictures (<c>mjpg</c>, ISO/IEC 23008-12 Annex H). Its jpgC box, tables that all pictures share, is optional; ours are whole
/// JPEGs and have none. Read only to be verified: a source's Motion JPEG is no film that players play, and is not packaged.
/// </summary>
internal static class StillPictureSampleEntry
{
    /// <summary>Reads an entry.</summary>
    public static SampleEntry Read(scoped ref BoxReader entry)
    {
        using var writer = new BoxWriter(128);
        var visual = new VisualSampleEntry(ref entry, writer);
        while (visual.TryReadCodecBox(ref entry, out var child))
            visual.Copy(child);
        return visual.End("mjpg", visual.Width, visual.Height, SampleAspectRatio.Square, VideoUsability.Unspecified);
    }

    /// <summary>The entry of pictures of a size, in pixels.</summary>
    public static ImmutableArray<byte> Write(int width, int height)
    {
        using var writer = new BoxWriter(128);
        var entry = writer.Begin(BoxType.Mjpg);
        writer.WriteZeros(6);
        writer.WriteUInt16(1); // data_reference_index: the one of Dref.Write
        writer.WriteZeros(2 + 2 + 12); // pre_defined, reserved, pre_defined
        writer.WriteUInt16((ushort)width);
        writer.WriteUInt16((ushort)height);
        writer.WriteUInt32(0x00480000); // horizresolution, 72 dpi
        writer.WriteUInt32(0x00480000);
        writer.WriteZeros(4); // reserved
        writer.WriteUInt16(1); // frame_count
        writer.WriteZeros(32); // compressorname
        writer.WriteUInt16(0x0018); // depth
        writer.WriteUInt16(0xFFFF); // pre_defined
        writer.End(entry);
        return [.. writer.Written.Span];
    }
}
