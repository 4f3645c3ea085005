using Movento.Packager.Codecs;
using Movento.Packager.IsoBmff;

namespace Movento.Packager.Tracks.SampleEntries;

/// <summary>H.264 (avc1, avc3): ISO/IEC 14496-15 §5.4.2.</summary>
internal static class AvcSampleEntry
{
    /// <summary>Reads the body.</summary>
    public static SampleEntry Read(scoped ref BoxReader entry)
    {
        using var writer = new BoxWriter(512);
        var visual = new VisualSampleEntry(ref entry, writer);
        AvcConfiguration? configuration = null;
        while (visual.TryReadCodecBox(ref entry, out var child))
        {
            if (child.Type != BoxType.AvcC || configuration is not null)
                continue;
            visual.Copy(child);
            configuration = AvcConfiguration.Read(ref child);
        }

        if (configuration is not { Sequence: var sequence } avc)
            throw entry.Error(MediaFormatError.Missing, "There is no avcC box.");
        return visual.End(
            avc.CodecString(new FourCC(entry.Type)), sequence.Width, sequence.Height, sequence.SampleAspectRatio, sequence.TransferCharacteristics) with
        {
            NalLengthSize = avc.NalLengthSize,
        };
    }
}
