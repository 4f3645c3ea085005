using System.Collections.Immutable;
using Movento.Ingest.Probe;
using Movento.Packager.Presentations;

namespace Movento.Ingest.Encode;

/// <summary>Which audio renditions are made of the source's tracks. Pure.</summary>
internal static class AudioOutputs
{
    /// <summary>
    /// For each track one in AAC-LC with one or two channels; for a track of more than two channels one in 5.1 too, where the operator wants it. Names are
    /// unique, and the two of a track share theirs: to a viewer they are one sound, of which the player takes what its speakers can play.
    /// </summary>
    public static ImmutableArray<AudioOutput> For(ImmutableArray<AudioFacts> tracks, IngestOptions options)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        var plain = ImmutableArray.CreateBuilder<AudioOutput>(tracks.Length);
        var surround = ImmutableArray.CreateBuilder<AudioOutput>();
        for (var i = 0; i < tracks.Length; i++)
        {
            var track = tracks[i];
            var isMono = track.Channels == 1;
            var output = new AudioOutput(
                $"a{i}", track, isMono ? 1 : 2, SampleRate(track), isMono ? 80_000 : 128_000, Unique(track, i, names), IsDefault: i == 0)
            {
                Layout = isMono ? "mono" : "stereo",
                IsMixed = track.Channels > 2,
                IsOfFirstTwo = !track.HasSpeakers,
            };
            plain.Add(output);
            if (!options.Surround || track.Channels <= 2 || !track.HasSpeakers) continue;
            // One rendition of a track in a codec: its own is worth more than what would be made of it.
            var codec = options.SurroundCodec == "eac3" && !(options.PassDolby && options.LoudnessTarget is null && track.Codec == "eac3") ? "eac3" : "aac";
            surround.Add(output with
            {
                Id = $"a{i}-surround", Channels = 6, Layout = "5.1", Bitrate = 384_000, Codec = codec,
                // E-AC-3 has no other rate that every decoder plays (ETSI TS 102 366 §E.1.3.1.3).
                SampleRate = codec == "eac3" ? 48_000 : output.SampleRate,
                IsMixed = track.Channels > 6,
                IsDefault = false,
            });
        }
        // The group of the first rendition is the one that players begin with.
        return [.. plain, .. surround];
    }

    // 44.1 kHz keeps its samples; everything else becomes the rate that every device plays.
    private static int SampleRate(AudioFacts track) => track.SampleRate == 44_100 ? 44_100 : 48_000;

    // HLS wants the NAME of a rendition to be unique in its group (RFC 8216 §4.3.4.1.1).
    private static string Unique(AudioFacts track, int index, HashSet<string> names)
    {
        var wanted = track.Title ?? (LanguageTag.NameOf(track.Language) ?? track.Language ?? $"Audio {index + 1}") + Suffix(track.Role);
        var name = wanted;
        for (var n = 2; !names.Add(name); n++) name = $"{wanted} {n}";
        return name;
    }

    private static string Suffix(TrackRole role) => role switch
    {
        TrackRole.Commentary => " (commentary)",
        TrackRole.Description => " (audio description)",
        _ => "",
    };
}
