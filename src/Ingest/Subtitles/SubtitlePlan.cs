using System.Collections.Immutable;
using Movento.Ingest.Probe;
using Movento.Packager.Presentations;

namespace Movento.Ingest.Subtitles;

/// <summary>One rendition of subtitles to make: which track, under which id, and what a menu calls it.</summary>
internal sealed record SubtitleOutput(string Id, SubtitleFacts Track, string Name, bool IsDefault);

/// <summary>Which renditions of subtitles are made of the source's tracks.</summary>
internal static class SubtitlePlan
{
    /// <summary>
    /// One for each track, in the file's order. Names are unique. A player shows the default one unasked, so a track is only that where the file's
    /// mark tells it from others: muxers mark a lone track, or all of them, whatever their author wants.
    /// </summary>
    public static ImmutableArray<SubtitleOutput> For(ImmutableArray<SubtitleFacts> tracks)
    {
        var isMarked = tracks.Count(track => track.IsDefault) is var marked && marked > 0 && marked < tracks.Length;
        var names = new HashSet<string>(StringComparer.Ordinal);
        var outputs = ImmutableArray.CreateBuilder<SubtitleOutput>(tracks.Length);
        var hasDefault = false;
        for (var i = 0; i < tracks.Length; i++)
        {
            var isDefault = isMarked && tracks[i].IsDefault && !hasDefault;
            hasDefault |= isDefault;
            outputs.Add(new SubtitleOutput($"s{i}", tracks[i], Unique(tracks[i], i, names), isDefault));
        }
        return outputs.MoveToImmutable();
    }

    // HLS wants the NAME of a rendition to be unique in its group (RFC 8216 §4.3.4.1.1).
    private static string Unique(SubtitleFacts track, int index, HashSet<string> names)
    {
        var wanted = track.Title ?? (LanguageTag.NameOf(track.Language) ?? track.Language ?? $"Subtitles {index + 1}") + Suffix(track.Role);
        var name = wanted;
        for (var n = 2; !names.Add(name); n++) name = $"{wanted} {n}";
        return name;
    }

    /// <summary>What stands behind a language in a menu.</summary>
    public static string Suffix(TrackRole role) => role switch
    {
        TrackRole.Caption => " (CC)",
        TrackRole.ForcedSubtitle => " (forced)",
        TrackRole.Commentary => " (commentary)",
        _ => "",
    };
}
