using System.Globalization;
using System.Text;
using Movento.Packager.Verification.Media;

namespace Movento.Packager.Verification.Checks;

/// <summary>Subtitle segments of HLS (RFC 8216bis §3.1.4): WebVTT files whose cues lie in their segment's time.</summary>
internal static class WebVttChecks
{
    private const int MaxSegment = 16 << 20;
    private const int MaxCues = 100_000;
    private const double Tolerance = 0.5;

    /// <summary>Checks every segment.</summary>
    /// <param name="track">Of text.</param>
    /// <param name="mediaStart">When the pictures or the sound begin, in seconds of the media's own times: the playlist's zero.</param>
    /// <param name="library">Where it lies.</param>
    /// <param name="findings">Takes what is wrong.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    public static async ValueTask CheckAsync(MeasuredTrack track, double mediaStart, Library library, Findings findings, CancellationToken cancellationToken)
    {
        var isMapMissing = false;
        Library.Cursor? file = null;
        for (var index = 0; index < track.Declaration.Segments.Count; index++)
        {
            var segment = track.Declaration.Segments[index];
            var size = track.Sizes[index];
            if (size is <= 0 or > MaxSegment)
            {
                if (size > 0)
                    findings.Add(VerificationRule.SourceLimit, track.Declaration.At(segment), $"The text has {size} bytes; at most {MaxSegment} are read.");
                continue;
            }

            if (file?.Address != segment.Bytes.Address)
                file = library.Open(segment.Bytes.Address);
            if (segment.Key is not null)
                continue;
            byte[] bytes;
            try
            {
                bytes = await file.ReadAsync(segment.Bytes.Offset, (int)size, cancellationToken).ConfigureAwait(false);
            }
            catch (PresentationSourceException exception)
            {
                findings.Add(VerificationRule.SourceMissing, track.Declaration.At(segment), exception.Message);
                return;
            }

            var location = new FindingLocation(segment.Bytes.Address, null, segment.Bytes.Offset);
            var text = Encoding.UTF8.GetString(bytes);
            if (!text.AsSpan().TrimStart('\uFEFF').StartsWith("WEBVTT", StringComparison.Ordinal))
            {
                findings.Add(VerificationRule.HlsWebVtt, location, "The segment does not begin with WEBVTT.");
                continue;
            }

            var offset = 0.0;
            if (ReadMap(text) is { } map)
            {
                offset = map - mediaStart;
            }
            else if (!isMapMissing)
            {
                isMapMissing = true;
                findings.Add(VerificationRule.HlsTimestampMap, location, "The segment has no X-TIMESTAMP-MAP: players take its times for the media's.");
            }

            CheckCues(text, segment, offset, location, findings);
        }
    }

    private static void CheckCues(string text, SegmentDeclaration segment, double offset, FindingLocation location, Findings findings)
    {
        var cues = 0;
        foreach (var line in text.AsSpan().EnumerateLines())
        {
            var arrow = line.IndexOf("-->", StringComparison.Ordinal);
            if (arrow < 0)
                continue;
            if (++cues > MaxCues)
                return;
            var end = line[(arrow + 3)..].Trim();
            var space = end.IndexOfAny(' ', '\t');
            if (ReadTime(line[..arrow].Trim()) is not { } from || ReadTime(space < 0 ? end : end[..space]) is not { } to)
            {
                findings.Add(VerificationRule.HlsWebVtt, location, $"'{line}' is no cue timing.");
                continue;
            }

            if (to < from)
                findings.Add(VerificationRule.HlsWebVtt, location, $"The cue '{line}' ends before it begins.");
            else if (to + offset < segment.Start - Tolerance || from + offset > segment.Start + segment.Duration + Tolerance)
                findings.Add(VerificationRule.HlsWebVtt, location, FormattableString.Invariant($"The cue '{line.ToString()}' lies outside its segment, which is from {segment.Start:0.###} to {segment.Start + segment.Duration:0.###} s."));
        }
    }

    // X-TIMESTAMP-MAP=LOCAL:00:00:00.000,MPEGTS:900000 → what is to be added to cue times, in seconds
    private static double? ReadMap(string text)
    {
        const string Name = "X-TIMESTAMP-MAP=";
        foreach (var line in text.AsSpan().EnumerateLines())
        {
            if (line.IsWhiteSpace())
                return null;
            if (!line.StartsWith(Name, StringComparison.Ordinal))
                continue;
            double? local = null, media = null;
            foreach (var part in line[Name.Length..].ToString().Split(','))
            {
                if (part.StartsWith("LOCAL:", StringComparison.Ordinal))
                    local = ReadTime(part.AsSpan(6));
                else if (part.StartsWith("MPEGTS:", StringComparison.Ordinal) && long.TryParse(part.AsSpan(7), NumberStyles.None, CultureInfo.InvariantCulture, out var ticks))
                    media = ticks / 90_000.0;
            }

            return media - local;
        }

        return null;
    }

    // W3C WebVTT §4.3: [hh+:]mm:ss.ttt
    private static double? ReadTime(ReadOnlySpan<char> text)
    {
        var (seconds, unit) = (0.0, 1.0);
        while (true)
        {
            var colon = text.LastIndexOf(':');
            if (!double.TryParse(text[(colon + 1)..], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var part))
                return null;
            seconds += part * unit;
            if (colon < 0)
                return unit > 1 ? seconds : null;
            text = text[..colon];
            if ((unit *= 60) > 3600)
                return null;
        }
    }
}
