using Movento.Packager.Codecs;
using Movento.Packager.IsoBmff;
using Movento.Packager.Presentations;

namespace Movento.Packager.Tracks.SampleEntries;

/// <summary>AV1 (av01): AV1 Codec ISO Media File Format Binding §2.2.</summary>
internal static class Av1SampleEntry
{
    /// <summary>Reads the body.</summary>
    public static SampleEntry Read(scoped ref BoxReader entry)
    {
        using var writer = new BoxWriter(512);
        var visual = new VisualSampleEntry(ref entry, writer);
        Av1Configuration? configuration = null;
        while (visual.TryReadCodecBox(ref entry, out var child))
        {
            if (child.Type != BoxType.Av1C || configuration is not null)
                continue;
            visual.Copy(child);
            configuration = Av1Configuration.Read(ref child);
        }

        if (configuration is not { } av1)
            throw entry.Error(MediaFormatError.Missing, "There is no av1C box.");

        // The sequence header has no shape of pixels: the pasp box says it (§2.2.4).
        var entered = visual.End(
            av1.CodecString(), av1.Sequence?.Width ?? visual.Width, av1.Sequence?.Height ?? visual.Height, SampleAspectRatio.Square,
            av1.Sequence?.TransferCharacteristics ?? VideoUsability.Unspecified);
        return entered with { Brands = [FourCC.Of("av01"u8), .. entered.Brands] }; // §2.1
    }
}
