using Movento.Packager.IsoBmff;

namespace Movento.Packager.Tracks.SampleEntries;

/// <summary>
/// The sample entry of timed text: WebVTT (<c>wvtt</c>, ISO/IEC 14496-30 §7.5) or 3GPP's (<c>tx3g</c>, 3GPP TS 26.245 §5.16). Kept as it is:
/// Subtitles/ reads it together with the samples, and writes another.
/// </summary>
internal static class TextSampleEntry
{
    // A font table and a style sheet have some hundred bytes.
    private const int MaxSize = 64 << 10;

    /// <summary>Takes the entry.</summary>
    public static SampleEntry Read(scoped ref BoxReader entry)
    {
        if (entry.Remaining > MaxSize)
            throw entry.Error(MediaFormatError.TooLarge, $"The sample entry has {entry.Remaining} bytes; at most {MaxSize} are read.");
        using var writer = new BoxWriter(512);
        var box = writer.Begin(entry.Type);
        writer.WriteBytes(entry.ReadRest());
        writer.End(box);
        return new SampleEntry { Codecs = new FourCC(entry.Type).ToString(), Box = [.. writer.Written.Span] };
    }
}
