using Movento.Packager.Verification.Media;

namespace Movento.Packager.Verification.Checks;

/// <summary>Codec strings of a manifest, held against sample entries (RFC 6381 §3).</summary>
internal static class CodecList
{
    /// <summary>What is wrong, or nothing.</summary>
    /// <param name="declared">Comma-separated.</param>
    /// <param name="tracks">That these strings are of, each measured.</param>
    public static IEnumerable<string> Problems(string declared, IReadOnlyCollection<MeasuredTrack> tracks)
    {
        var names = declared.Split(',', StringSplitOptions.TrimEntries);
        if (names.Length > 64)
        {
            yield return $"There are {names.Length} codecs.";
            yield break;
        }

        var entries = tracks.Where(track => track.Initialization is not null).SelectMany(track => track.Initialization!.Tracks).Distinct().ToArray();
        foreach (var entry in entries)
        {
            if (!Array.Exists(names, name => Matches(name, entry)))
                yield return $"'{declared}' does not name '{entry.Entry?.Codecs ?? entry.Format.ToString()}', which the {entry.Kind} has.";
        }

        // Subtitles may be named or not; they are not counted among a variant's own renditions here.
        foreach (var name in names)
        {
            if (!name.StartsWith("wvtt", StringComparison.Ordinal) && !name.StartsWith("stpp", StringComparison.Ordinal)
                && !Array.Exists(entries, entry => Matches(name, entry)))
                yield return $"'{declared}' names '{name}', which no sample entry has ({string.Join(", ", entries.Select(entry => entry.Entry?.Codecs ?? entry.Format.ToString()))}).";
        }
    }

    private static bool Matches(string name, InitializationTrack track) => track.Entry is { } entry
        ? string.Equals(name, entry.Codecs, StringComparison.OrdinalIgnoreCase)
            // AV1 Codecs Parameter String §5: what follows the bit depth may be left out where it has its defaults; so may it be for vp09.
            || entry.Codecs is ['a' or 'v', ..] && entry.Codecs.Contains('.', StringComparison.Ordinal) && track.Format.ToString() is "av01" or "vp09"
                && (entry.Codecs.StartsWith(name + ".", StringComparison.OrdinalIgnoreCase) || name.StartsWith(entry.Codecs + ".", StringComparison.OrdinalIgnoreCase))
        : name.StartsWith(track.Format.ToString(), StringComparison.OrdinalIgnoreCase);
}
