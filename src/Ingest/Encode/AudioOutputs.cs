using System.Collections.Immutable;
using Movento.Ingest.Probe;

namespace Movento.Ingest.Encode;

/// <summary>Which audio renditions are made of the source's tracks.</summary>
internal static class AudioOutputs
{
    /// <summary>One for each track, in AAC-LC: mono stays mono, everything above two channels becomes stereo. Names are unique.</summary>
    public static ImmutableArray<AudioOutput> For(ImmutableArray<AudioFacts> tracks)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        var outputs = ImmutableArray.CreateBuilder<AudioOutput>(tracks.Length);
        for (var i = 0; i < tracks.Length; i++)
        {
            var track = tracks[i];
            var channels = Math.Min(track.Channels, 2);
            // 44.1 kHz keeps its samples; everything else becomes the rate that every device plays.
            var sampleRate = track.SampleRate == 44_100 ? 44_100 : 48_000;
            outputs.Add(new AudioOutput(
                $"a{i}", track, channels, sampleRate, channels == 1 ? 80_000 : 128_000, Unique(track, i, names), IsDefault: i == 0));
        }
        return outputs.MoveToImmutable();
    }

    // HLS wants the NAME of a rendition to be unique in its group (RFC 8216 §4.3.4.1.1).
    private static string Unique(AudioFacts track, int index, HashSet<string> names)
    {
        var wanted = track.Title ?? LanguageTag.NameOf(track.Language) ?? track.Language ?? $"Audio {index + 1}";
        var name = wanted;
        for (var n = 2; !names.Add(name); n++) name = $"{wanted} {n}";
        return name;
    }
}
