using Movento.Packager.Codecs;
using Movento.Packager.IsoBmff;
using Movento.Packager.Presentations;

namespace Movento.Packager.Tracks.SampleEntries;

/// <summary>HEVC (hvc1, hev1), and Dolby Vision over it that other decoders cannot show (dvh1, dvhe): ISO/IEC 14496-15 §8.4.</summary>
internal static class HevcSampleEntry
{
    /// <summary>Reads the body.</summary>
    public static SampleEntry Read(scoped ref BoxReader entry)
    {
        using var writer = new BoxWriter(1024);
        var visual = new VisualSampleEntry(ref entry, writer);
        HevcConfiguration? configuration = null;
        while (visual.TryReadCodecBox(ref entry, out var child))
        {
            if (child.Type != BoxType.HvcC || configuration is not null)
                continue;
            visual.Copy(child);
            configuration = HevcConfiguration.Read(ref child);
        }

        if (configuration is not { } hevc)
            throw entry.Error(MediaFormatError.Missing, "There is no hvcC box.");

        // hev1 and dvhe may have their parameter sets in the samples alone (§8.4.1): then the entry must do.
        if (hevc.Sequence is null && entry.Type is BoxType.Hvc1 or BoxType.Dvh1)
            throw entry.Error(MediaFormatError.Missing, "The HEVC configuration has no sequence parameter set.");
        var sequence = hevc.Sequence ?? new HevcSequenceParameterSet(visual.Width, visual.Height, SampleAspectRatio.Square, VideoUsability.Unspecified);
        return visual.End(
            entry.Type is BoxType.Dvh1 or BoxType.Dvhe ? DolbyVisionCodecs(entry, visual.DolbyVision) : hevc.CodecString(new FourCC(entry.Type)),
            sequence.Width, sequence.Height, sequence.SampleAspectRatio, sequence.TransferCharacteristics) with
        {
            NalLengthSize = hevc.NalLengthSize,
        };
    }

    private static string DolbyVisionCodecs(in BoxReader entry, DolbyVisionConfiguration? configuration)
    {
        if (configuration is not { } vision)
            throw entry.Error(MediaFormatError.Missing, "There is no dvcC or dvvC box.");
        return vision.HasEnhancementLayer
            ? throw entry.Error(MediaFormatError.Unsupported, $"Dolby Vision of profile {vision.Profile} in two layers is not packaged; convert it to profile 8.1.")
            : vision.CodecString(new FourCC(entry.Type));
    }
}
