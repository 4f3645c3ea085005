using Movento.Packager.Codecs;
using Movento.Packager.IsoBmff;
using Movento.Packager.Presentations;

namespace Movento.Packager.Tracks.SampleEntries;

/// <summary>VP9 (vp09): VP Codec ISO Media File Format Binding.</summary>
internal static class Vp9SampleEntry
{
    /// <summary>Reads the body.</summary>
    public static SampleEntry Read(scoped ref BoxReader entry)
    {
        using var writer = new BoxWriter(256);
        var visual = new VisualSampleEntry(ref entry, writer);
        Vp9Configuration? configuration = null;
        while (visual.TryReadCodecBox(ref entry, out var child))
        {
            if (child.Type != BoxType.VpcC || configuration is not null)
                continue;
            visual.Copy(child);
            configuration = Vp9Configuration.Read(ref child);
        }

        return configuration is { } vp9
            ? visual.End(vp9.CodecString(), visual.Width, visual.Height, SampleAspectRatio.Square, vp9.TransferCharacteristics)
            : throw entry.Error(MediaFormatError.Missing, "There is no vpcC box.");
    }
}
