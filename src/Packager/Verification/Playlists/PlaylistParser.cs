using System.Globalization;
using Movento.Packager.Verification.Media;

namespace Movento.Packager.Verification.Playlists;

/// <summary>Reads both kinds of playlist, and says what is wrong with their text.</summary>
internal static class PlaylistParser
{
    private const int MaxEntries = 512;

    private static readonly HashSet<string> MultivariantTags = new(StringComparer.Ordinal)
    {
        "EXT-X-MEDIA", "EXT-X-STREAM-INF", "EXT-X-I-FRAME-STREAM-INF", "EXT-X-SESSION-DATA", "EXT-X-SESSION-KEY", "EXT-X-CONTENT-STEERING",
    };

    private static readonly HashSet<string> MediaTags = new(StringComparer.Ordinal)
    {
        "EXTINF", "EXT-X-BYTERANGE", "EXT-X-DISCONTINUITY", "EXT-X-KEY", "EXT-X-MAP", "EXT-X-PROGRAM-DATE-TIME", "EXT-X-GAP", "EXT-X-BITRATE",
        "EXT-X-PART", "EXT-X-TARGETDURATION", "EXT-X-MEDIA-SEQUENCE", "EXT-X-DISCONTINUITY-SEQUENCE", "EXT-X-ENDLIST", "EXT-X-PLAYLIST-TYPE",
        "EXT-X-I-FRAMES-ONLY", "EXT-X-DATERANGE", "EXT-X-PART-INF", "EXT-X-SERVER-CONTROL",
    };

    private static readonly HashSet<string> OnceTags = new(StringComparer.Ordinal)
    {
        "EXT-X-VERSION", "EXT-X-TARGETDURATION", "EXT-X-MEDIA-SEQUENCE", "EXT-X-DISCONTINUITY-SEQUENCE", "EXT-X-ENDLIST", "EXT-X-PLAYLIST-TYPE",
        "EXT-X-I-FRAMES-ONLY", "EXT-X-INDEPENDENT-SEGMENTS", "EXT-X-START", "EXTM3U",
    };

    /// <summary>Whether these are the lines of a multivariant playlist; tags of both kinds are a finding.</summary>
    public static bool IsMultivariant(List<PlaylistLine> lines, string address, Findings findings)
    {
        PlaylistLine? multivariant = null, media = null;
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var line in lines)
        {
            if (MultivariantTags.Contains(line.Tag))
                multivariant ??= line;
            else if (MediaTags.Contains(line.Tag))
                media ??= line;
            if (OnceTags.Contains(line.Tag) && !seen.Add(line.Tag))
                findings.Add(VerificationRule.HlsTag, new FindingLocation(address, line.Number), $"{line.Tag} stands there twice.");
        }

        if (multivariant is { } first && media is { } second)
            findings.Add(VerificationRule.HlsKind, new FindingLocation(address, second.Number), $"{second.Tag} is of media playlists; {first.Tag} in line {first.Number} is of multivariant ones.");
        return multivariant is not null;
    }

    /// <summary>Reads a multivariant playlist.</summary>
    public static ParsedMultivariantPlaylist ReadMultivariant(List<PlaylistLine> lines, string address, Uri root, Findings findings)
    {
        var playlist = new ParsedMultivariantPlaylist { Address = address };
        PlaylistEntry? open = null;
        var (version, needed, neededFor) = (1, 1, "");
        foreach (var line in lines)
        {
            var location = new FindingLocation(address, line.Number);
            if (line.Tag.Length == 0)
            {
                if (open is null)
                    findings.Add(VerificationRule.HlsTag, location, "An address has no EXT-X-STREAM-INF before it.");
                else
                    open.Playlist = Resolve(root, address, line.Value, location, findings);
                open = null;
                continue;
            }

            if (open is not null && line.Tag.StartsWith("EXT-X-", StringComparison.Ordinal))
            {
                findings.Add(VerificationRule.HlsTag, open.Location, "The line behind EXT-X-STREAM-INF is not an address.");
                open = null;
            }

            switch (line.Tag)
            {
                case "EXT-X-VERSION":
                    version = ReadInteger(line, address, findings) ?? 1;
                    break;
                case "EXT-X-INDEPENDENT-SEGMENTS":
                    playlist.HasIndependentSegments = true;
                    break;
                case "EXT-X-MEDIA" or "EXT-X-STREAM-INF" or "EXT-X-I-FRAME-STREAM-INF" or "EXT-X-SESSION-KEY" or "EXT-X-SESSION-DATA" or "EXT-X-START":
                    var attributes = ReadAttributes(line, address, findings);
                    var entry = new PlaylistEntry(line.Tag, attributes, location);
                    var list = line.Tag switch
                    {
                        "EXT-X-MEDIA" => playlist.Media, "EXT-X-STREAM-INF" => playlist.Variants, "EXT-X-I-FRAME-STREAM-INF" => playlist.IFrameVariants, _ => null,
                    };
                    if (list?.Count == MaxEntries)
                    {
                        findings.Add(VerificationRule.SourceLimit, location, $"There are more than {MaxEntries} of {line.Tag}.");
                        return playlist;
                    }

                    list?.Add(entry);
                    if (line.Tag == "EXT-X-STREAM-INF")
                        open = entry;
                    else if (list is not null && attributes.Text("URI") is { } reference)
                        entry.Playlist = Resolve(root, address, reference, location, findings);
                    foreach (var (name, value) in attributes.All)
                    {
                        if (name.StartsWith("REQ-", StringComparison.Ordinal) && needed < 12)
                            (needed, neededFor) = (12, name);
                        if (name == "INSTREAM-ID" && value.Text.StartsWith("SERVICE", StringComparison.Ordinal) && needed < 7)
                            (needed, neededFor) = (7, $"INSTREAM-ID {value.Text}");
                    }

                    break;
            }
        }

        if (open is not null)
            findings.Add(VerificationRule.HlsTag, open.Location, "EXT-X-STREAM-INF has no address behind it.");
        if (version < needed)
            findings.Add(VerificationRule.HlsVersion, new FindingLocation(address, 1), $"EXT-X-VERSION is {version}; {neededFor} needs {needed}.");
        return playlist;
    }

    /// <summary>Reads a media playlist.</summary>
    public static ParsedMediaPlaylist ReadMedia(List<PlaylistLine> lines, string address, Uri root, SegmentBudget budget, Findings findings)
    {
        var playlist = new ParsedMediaPlaylist { Track = new TrackDeclaration { Manifest = address, Name = address, Line = 1 } };
        var segments = playlist.Track.Segments;
        double? duration = null;
        (long Size, long? Offset)? range = null;
        KeyDeclaration? key = null;
        ResourceRange? map = null;
        var (start, sequence, isDiscontinuous, isGap) = (0.0, 0L, false, false);
        var needed = new NeededVersion();
        FindingLocation? dateRange = null;
        var isDated = false;
        foreach (var line in lines)
        {
            var location = new FindingLocation(address, line.Number);
            switch (line.Tag)
            {
                case "":
                    if (duration is null)
                        findings.Add(VerificationRule.HlsTag, location, "A segment has no EXTINF.");
                    if (Resolve(root, address, line.Value, location, findings) is { } target && !isGap)
                    {
                        if (segments.Count == SegmentBudget.MaxSegmentsOfTrack || !budget.TryTake(ref target, segments.LastOrDefault()?.Bytes.Address))
                        {
                            findings.Add(VerificationRule.SourceLimit, location, "There are too many segments, or their addresses are too long.");
                            return playlist;
                        }

                        segments.Add(new SegmentDeclaration(RangeOf(target, range, segments, location, findings), start, duration ?? 0, line.Number)
                        {
                            Map = map, Key = key, IsDiscontinuous = isDiscontinuous, SequenceNumber = sequence,
                        });
                    }

                    start += duration ?? 0;
                    sequence++;
                    (duration, range, isDiscontinuous, isGap) = (null, null, false, false);
                    break;
                case "EXT-X-VERSION":
                    playlist.Version = ReadInteger(line, address, findings) ?? 1;
                    break;
                case "EXT-X-TARGETDURATION":
                    playlist.TargetDuration = ReadInteger(line, address, findings);
                    playlist.TargetDurationLine = line.Number;
                    break;
                case "EXT-X-MEDIA-SEQUENCE":
                    sequence = ReadInteger(line, address, findings) ?? 0;
                    break;
                case "EXT-X-PLAYLIST-TYPE":
                    if (line.Value is not ("VOD" or "EVENT"))
                        findings.Add(VerificationRule.HlsTag, location, $"EXT-X-PLAYLIST-TYPE is '{line.Value}'; VOD or EVENT is wanted.");
                    break;
                case "EXT-X-ENDLIST":
                    playlist.HasEndList = true;
                    break;
                case "EXT-X-I-FRAMES-ONLY":
                    playlist.IsIFramesOnly = true;
                    needed.Raise(4, line.Tag);
                    break;
                case "EXT-X-INDEPENDENT-SEGMENTS":
                    playlist.HasIndependentSegments = true;
                    break;
                case "EXTINF":
                    duration = ReadDuration(line, location, findings);
                    if (line.Value.Contains('.', StringComparison.Ordinal))
                        needed.Raise(3, "a fraction in EXTINF");
                    break;
                case "EXT-X-BYTERANGE":
                    if (PlaylistLine.TryReadByteRange(line.Value, out var size, out var offset))
                        range = (size, offset);
                    else
                        findings.Add(VerificationRule.HlsTag, location, $"EXT-X-BYTERANGE is '{line.Value}'; n or n@o is wanted.");
                    needed.Raise(4, line.Tag);
                    break;
                case "EXT-X-DISCONTINUITY":
                    isDiscontinuous = true;
                    break;
                case "EXT-X-GAP":
                    isGap = true;
                    break;
                case "EXT-X-MAP":
                    map = ReadMap(ReadAttributes(line, address, findings), address, root, location, findings);
                    needed.Raise(playlist.IsIFramesOnly ? 5 : 6, line.Tag);
                    break;
                case "EXT-X-KEY":
                    var attributes = ReadAttributes(line, address, findings);
                    key = ReadKey(attributes, key, line.Number);
                    if (attributes.TryGet("IV", out _))
                        needed.Raise(2, "IV");
                    if (attributes.TryGet("KEYFORMAT", out _) || attributes.TryGet("KEYFORMATVERSIONS", out _))
                        needed.Raise(5, "KEYFORMAT");
                    break;
                case "EXT-X-DATERANGE":
                    ReadAttributes(line, address, findings);
                    dateRange ??= location;
                    break;
                case "EXT-X-PROGRAM-DATE-TIME":
                    isDated = true;
                    if (!DateTimeOffset.TryParse(line.Value, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out _))
                        findings.Add(VerificationRule.HlsTag, location, $"EXT-X-PROGRAM-DATE-TIME is '{line.Value}'; a date and a time of ISO 8601 are wanted.");
                    break;
                case "EXT-X-START":
                    ReadAttributes(line, address, findings);
                    break;
            }
        }

        // §4.4.5.1
        if (dateRange is { } dated && !isDated)
            findings.Add(VerificationRule.HlsTag, dated, "EXT-X-DATERANGE stands in a playlist without EXT-X-PROGRAM-DATE-TIME.");
        if (playlist.TargetDuration is null)
            findings.Add(VerificationRule.HlsTag, new FindingLocation(address, 1), "There is no EXT-X-TARGETDURATION.");
        if (segments.Count == 0)
            findings.Add(VerificationRule.HlsTag, new FindingLocation(address, 1), "The playlist has no segment.");
        if (playlist.Version < needed.Version)
            findings.Add(VerificationRule.HlsVersion, new FindingLocation(address, 1), $"EXT-X-VERSION is {playlist.Version}; {needed.Reason} needs {needed.Version}.");
        playlist.Track.Kind = KindOf(playlist);
        return playlist;
    }

    private static DeclaredKind KindOf(ParsedMediaPlaylist playlist)
    {
        if (playlist.IsIFramesOnly)
            return DeclaredKind.IFrames;
        var first = playlist.Track.Segments.FirstOrDefault();
        if (first is null)
            return DeclaredKind.Other;
        if (first.Map is not null)
            return DeclaredKind.Fragments;
        var end = first.Bytes.Address.IndexOf('?', StringComparison.Ordinal);
        return Path.GetExtension(end < 0 ? first.Bytes.Address : first.Bytes.Address[..end]).ToUpperInvariant() switch
        {
            ".VTT" or ".WEBVTT" => DeclaredKind.WebVtt,
            ".MP4" or ".M4S" or ".CMFV" or ".CMFA" or ".CMFT" or ".M4V" or ".M4A" => DeclaredKind.Fragments,
            _ => DeclaredKind.Other,
        };
    }

    private static ResourceRange RangeOf(
        string target, (long Size, long? Offset)? range, List<SegmentDeclaration> before, FindingLocation location, Findings findings)
    {
        if (range is not { } named)
            return new ResourceRange(target, 0, null);
        if (named.Offset is { } offset)
            return new ResourceRange(target, offset, named.Size);
        if (before.Count > 0 && before[^1].Bytes is { Size: { } size } last && last.Address == target)
            return new ResourceRange(target, last.Offset + size, named.Size);
        findings.Add(VerificationRule.HlsTag, location, "EXT-X-BYTERANGE has no offset, and the segment before is not of the same file.");
        return new ResourceRange(target, 0, named.Size);
    }

    private static ResourceRange? ReadMap(AttributeList attributes, string address, Uri root, FindingLocation location, Findings findings)
    {
        if (attributes.Text("URI") is not { } reference || Resolve(root, address, reference, location, findings) is not { } target)
            return null;
        return attributes.Text("BYTERANGE") is { } range && PlaylistLine.TryReadByteRange(range, out var size, out var offset)
            ? new ResourceRange(target, offset ?? 0, size)
            : new ResourceRange(target, 0, null);
    }

    private static KeyDeclaration? ReadKey(AttributeList attributes, KeyDeclaration? before, int line)
    {
        var method = attributes.Text("METHOD");
        if (method is null or "NONE")
            return null;
        // Several keys in different formats may stand together (§4.4.4.4); for the bytes the first is as good as another.
        if (before is not null && before.Method == method && attributes.TryGet("KEYFORMAT", out _))
            return before;
        UInt128? vector = attributes.Text("IV") is { Length: > 2 and <= 34 } text
            && UInt128.TryParse(text.AsSpan(2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var value)
                ? value
                : null;
        return new KeyDeclaration(method, attributes.Text("URI") ?? "", vector, line);
    }

    private static double? ReadDuration(PlaylistLine line, FindingLocation location, Findings findings)
    {
        var comma = line.Value.IndexOf(',', StringComparison.Ordinal);
        if (comma < 0)
            findings.Add(VerificationRule.HlsTag, location, "EXTINF has no comma behind the duration.");
        if (decimal.TryParse(comma < 0 ? line.Value : line.Value.AsSpan(0, comma), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var duration)
            && duration < 1_000_000)
            return (double)duration;
        findings.Add(VerificationRule.HlsTag, location, $"EXTINF is '{line.Value}'; a duration in seconds is wanted.");
        return null;
    }

    private static AttributeList ReadAttributes(PlaylistLine line, string address, Findings findings)
    {
        var location = new FindingLocation(address, line.Number);
        var list = AttributeList.Read(line.Value, problem => findings.Add(VerificationRule.HlsAttributeList, location, problem));
        AttributeRules.Check(line.Tag, list, location, findings);
        return list;
    }

    private static int? ReadInteger(PlaylistLine line, string address, Findings findings)
    {
        if (int.TryParse(line.Value, NumberStyles.None, CultureInfo.InvariantCulture, out var value))
            return value;
        findings.Add(VerificationRule.HlsTag, new FindingLocation(address, line.Number), $"{line.Tag} is '{line.Value}'; a whole number is wanted.");
        return null;
    }

    private static string? Resolve(Uri root, string address, string reference, FindingLocation location, Findings findings)
    {
        if (SourceAddress.Resolve(root, address, reference) is { } target)
            return target;
        findings.Add(VerificationRule.SourceOutside, location, $"'{reference}' is not below the presentation's root, and is not read.");
        return null;
    }

    private struct NeededVersion
    {
        public int Version { get; private set; }

        public string Reason { get; private set; }

        public void Raise(int version, string reason)
        {
            if (version > Version)
                (Version, Reason) = (version, reason);
        }
    }
}
