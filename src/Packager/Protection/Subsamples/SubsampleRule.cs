using Movento.Packager.IsoBmff;
using Movento.Packager.Protection.Subsamples.Av1;
using Movento.Packager.Protection.Subsamples.Avc;
using Movento.Packager.Protection.Subsamples.Hevc;

namespace Movento.Packager.Protection.Subsamples;

/// <summary>Finds the rule for a sample entry.</summary>
internal static class SubsampleRule
{
    // VisualSampleEntry, ISO/IEC 14496-12 §12.1.3: fields before the first box.
    private const int VisualFields = 78;

    /// <summary>The rule for pictures; null for sound, whose samples are protected whole (ISO/IEC 23000-19 §8.2.2.3).</summary>
    /// <param name="entry">The whole sample entry in the clear.</param>
    /// <exception cref="MediaFormatException">The codec cannot be encrypted here.</exception>
    public static ISubsampleRule? For(ReadOnlySpan<byte> entry)
    {
        var file = new BoxReader(entry);
        if (!file.TryReadBox(out var box))
            throw file.Error(MediaFormatError.Truncated, "The sample entry is empty.");
        var type = new FourCC(box.Type).ToString();
        switch (type)
        {
            case "avc1" or "avc3" or "dva1" or "dvav":
                box.Skip(VisualFields);
                return new AvcSubsamples(box.Find(BoxType.AvcC));
            case "hvc1" or "hev1" or "dvh1" or "dvhe":
                box.Skip(VisualFields);
                return new HevcSubsamples(box.Find(BoxType.HvcC));
            case "av01" or "dav1":
                box.Skip(VisualFields);
                return new Av1Subsamples(box.Find(BoxType.Av1C));
            case "mp4a" or "ac-3" or "ec-3" or "Opus" or "fLaC" or "ac-4" or "dtsx":
                return null;
            default:
                throw box.Error(MediaFormatError.Unsupported, $"The codec '{type}' is not encrypted; H.264, HEVC, AV1 and sound are.");
        }
    }
}
