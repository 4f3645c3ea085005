using Movento.Packager.Codecs;
using Movento.Packager.IsoBmff;
using Movento.Packager.Presentations;

namespace Movento.Packager.Tracks.SampleEntries;

/// <summary>Opus: Encapsulation of Opus in ISO Base Media File Format §4.3.1.</summary>
internal static class OpusSampleEntry
{
    // §4.3.6.2: 80 ms, in the roll group.
    private static readonly TimeSpan PreRoll = TimeSpan.FromMilliseconds(80);

    /// <summary>Reads the body.</summary>
    public static SampleEntry Read(scoped ref BoxReader entry)
    {
        AudioSampleEntry.Read(ref entry);
        var body = entry.Find(BoxType.DOps);
        var configuration = body;
        var opus = OpusConfiguration.Read(ref configuration);
        return AudioSampleEntry.Write(entry.Type, "Opus", new AudioFormat(OpusConfiguration.SampleRate, opus.Channels), body) with
        {
            PreRoll = PreRoll,
        };
    }
}
