using System.Globalization;
using Movento.Packager.Verification.Playlists;

namespace Movento.Packager.Verification.Growth;

/// <summary>A media playlist at one moment: the tags that hold for all of it, and the text of each segment.</summary>
internal sealed class PlaylistReading
{
    // Tags of the whole playlist that may not change (RFC 8216bis §6.2.1): EXT-X-TARGETDURATION says so itself (§4.4.3.1).
    private static readonly string[] Constant = ["EXT-X-TARGETDURATION", "EXT-X-VERSION", "EXT-X-INDEPENDENT-SEGMENTS", "EXT-X-I-FRAMES-ONLY"];

    private readonly Dictionary<string, PlaylistLine> _header = new(StringComparer.Ordinal);
    private readonly List<(string Text, int Line)> _segments = [];

    private PlaylistReading(string address) => Address = address;

    public string Address { get; }

    /// <summary>Whether it has an EXT-X-ENDLIST.</summary>
    public bool HasEnded { get; private set; }

    // Segments are only ever added (§4.4.3.5); without it, the first ones may go.
    private bool IsEvent => _header.TryGetValue("EXT-X-PLAYLIST-TYPE", out var type) && type.Value == "EVENT";

    private long MediaSequence => _header.TryGetValue("EXT-X-MEDIA-SEQUENCE", out var sequence)
        && long.TryParse(sequence.Value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0;

    public static PlaylistReading Of(string address, IEnumerable<PlaylistLine> lines)
    {
        var reading = new PlaylistReading(address);
        var (text, first) = ("", 0);
        foreach (var line in lines)
        {
            switch (line.Tag)
            {
                case "EXT-X-ENDLIST":
                    reading.HasEnded = true;
                    break;
                case "EXT-X-TARGETDURATION" or "EXT-X-VERSION" or "EXT-X-INDEPENDENT-SEGMENTS" or "EXT-X-I-FRAMES-ONLY" or "EXT-X-MEDIA-SEQUENCE"
                    or "EXT-X-DISCONTINUITY-SEQUENCE" or "EXT-X-PLAYLIST-TYPE" or "EXT-X-START" or "EXT-X-SERVER-CONTROL" or "EXT-X-PART-INF":
                    reading._header.TryAdd(line.Tag, line);
                    break;
                case "":
                    reading._segments.Add(($"{text}{line.Value}", first == 0 ? line.Number : first));
                    (text, first) = ("", 0);
                    break;
                default:
                    text += $"{line.Tag}:{line.Value}\n";
                    first = first == 0 ? line.Number : first;
                    break;
            }
        }

        return reading;
    }

    /// <summary>Holds what came after it against it.</summary>
    public void CompareTo(PlaylistReading next, Findings findings)
    {
        CompareHeaders(next, findings);
        if (HasEnded && (!next.HasEnded || next._segments.Count != _segments.Count))
            findings.Add(VerificationRule.HlsGrowthEnd, new FindingLocation(Address), "There was an EXT-X-ENDLIST, and the playlist changed after it.");

        var gone = next.MediaSequence - MediaSequence;
        if (gone < 0 || gone > 0 && IsEvent)
        {
            findings.Add(
                VerificationRule.HlsGrowthSegments, next.At("EXT-X-MEDIA-SEQUENCE"),
                $"EXT-X-MEDIA-SEQUENCE was {MediaSequence}, and is {next.MediaSequence}: {(IsEvent ? "of an EVENT playlist no segment goes." : "it only ever rises.")}");
            return;
        }

        for (var index = (int)Math.Min(gone, _segments.Count); index < _segments.Count; index++)
        {
            var at = index - (int)gone;
            if (at >= next._segments.Count)
            {
                findings.Add(VerificationRule.HlsGrowthSegments, new FindingLocation(Address), $"There were {_segments.Count} segments, and are {next._segments.Count + gone}.");
                return;
            }

            // The first segment that is left of a window has the map and the key of those before it.
            if (gone > 0 && at == 0 || next._segments[at].Text == _segments[index].Text)
                continue;
            findings.Add(
                VerificationRule.HlsGrowthSegments, new FindingLocation(Address, next._segments[at].Line),
                $"Segment {MediaSequence + index} was another: '{Shorten(_segments[index].Text)}', and is '{Shorten(next._segments[at].Text)}'.");
            return;
        }
    }

    private void CompareHeaders(PlaylistReading next, Findings findings)
    {
        foreach (var tag in Constant)
        {
            if (ValueOf(tag) != next.ValueOf(tag))
                findings.Add(VerificationRule.HlsGrowthHeader, next.At(tag), $"{tag} was {ValueOf(tag) ?? "not there"}, and is {next.ValueOf(tag) ?? "not there"}.");
        }

        // At the end of an event some servers say VOD, and where to begin no more. An EVENT playlist may not (§6.2.1), but no player minds what it has read already.
        foreach (var tag in (string[])["EXT-X-PLAYLIST-TYPE", "EXT-X-START"])
        {
            if (ValueOf(tag) == next.ValueOf(tag))
                continue;
            var isAtTheEnd = next.HasEnded && (tag == "EXT-X-START" || ValueOf(tag) == "EVENT" && next.ValueOf(tag) == "VOD");
            findings.Add(
                VerificationRule.HlsGrowthHeader, next.At(tag), $"{tag} was {ValueOf(tag) ?? "not there"}, and is {next.ValueOf(tag) ?? "not there"}.",
                isAtTheEnd ? Severity.Warning : null);
        }
    }

    private string? ValueOf(string tag) => _header.TryGetValue(tag, out var line) ? line.Value : null;

    private FindingLocation At(string tag) => new(Address, _header.TryGetValue(tag, out var line) ? line.Number : 1);

    private static string Shorten(string text)
    {
        text = text.Replace('\n', ' ');
        return text.Length <= 80 ? text : $"{text[..80]}…";
    }
}
