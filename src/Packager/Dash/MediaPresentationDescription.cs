using System.Buffers;
using System.Globalization;
using Movento.Packager.Manifests;
using Movento.Packager.Presentations;
using Movento.Packager.Text;

namespace Movento.Packager.Dash;

/// <summary>The MPD (ISO/IEC 23009-1): <c>manifest.mpd</c>, one period, static once the film is whole (docs/formats/urls.md).</summary>
public static class MediaPresentationDescription
{
    // As fast as remote controls wind; a picture every other second is then sixteen a second.
    private const int MaxPlayoutRate = 32;

    private static readonly TimeSpan EarlierThanStart = TimeSpan.FromDays(2);

    // More adaptation sets of pictures, sound or text than any film has.
    private const int IdsOfAKind = 1000;

    /// <summary>Renders the MPD as UTF-8. Renditions that DASH cannot carry (still pictures, AES-128) are left out.</summary>
    /// <param name="output">Takes the text; nothing else is allocated.</param>
    /// <param name="presentation">What is described.</param>
    /// <param name="addressing">SegmentBase over the sidx of one file, or SegmentTemplate with SegmentTimeline.</param>
    /// <param name="licenseUrl">
    /// Where ClearKey's licence is to be had: absolute, as every player resolves it against its page rather than the MPD. Null: the page tells its player.
    /// </param>
    /// <param name="hints">Of this delivery, or null.</param>
    public static void Write(
        IBufferWriter<byte> output, Presentation presentation, SegmentAddressing addressing = SegmentAddressing.ByteRanges, string? licenseUrl = null,
        DeliveryHints? hints = null) =>
        Write(output, presentation, addressing, licenseUrl, growing: null, hints);

    /// <summary>
    /// Renders the MPD of a presentation that grows: dynamic, and everything from the film's beginning on stays available. It lies in <c>segments/</c>,
    /// where it becomes the static one of the whole presentation with the same URLs.
    /// </summary>
    /// <param name="output">Takes the text.</param>
    /// <param name="growing">What is described.</param>
    /// <param name="hints">Of this delivery, or null.</param>
    public static void Write(IBufferWriter<byte> output, GrowingPresentation growing, DeliveryHints? hints = null) =>
        Write(output, growing.Playable, SegmentAddressing.Segments, null, growing, hints);

    private static void Write(
        IBufferWriter<byte> output, Presentation presentation, SegmentAddressing addressing, string? licenseUrl, GrowingPresentation? growing, DeliveryHints? hints)
    {
        var text = new Utf8Text(output);
        var renditions = presentation.Renditions.AsSpan();
        var target = growing?.TargetDuration ?? presentation.TargetDuration;
        text.Write("<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<MPD xmlns=\"urn:mpeg:dash:schema:mpd:2011\""u8);
        if (ContentProtection.IsNeeded(renditions))
            text.Write(" xmlns:cenc=\"urn:mpeg:cenc:2013\" xmlns:dashif=\"https://dashif.org/CPS\""u8);
        text.Write(growing is null ? " type=\"static\" profiles=\""u8 : " type=\"dynamic\" profiles=\""u8);
        text.Write(addressing == SegmentAddressing.ByteRanges ? "urn:mpeg:dash:profile:isoff-on-demand:2011"u8 : "urn:mpeg:dash:profile:isoff-live:2011"u8);
        // A segment's bits may all be needed at its beginning, and @bandwidth is a peak over segments: so the buffer of §5.3.5.4 is a segment.
        text.Write(",urn:mpeg:dash:profile:cmaf:2019\" minBufferTime=\"PT"u8);
        text.Write(target);
        if (growing is null)
        {
            text.Write("S\" mediaPresentationDuration=\""u8);
            WriteDuration(ref text, presentation.Duration);
            text.Write("\">\n"u8);
        }
        else
        {
            WriteGrowth(ref text, growing);
        }

        if (hints?.Steering is { } steering)
            WriteSteering(ref text, steering);
        text.Write("  <Period id=\"0\" start=\"PT0S\">\n"u8);

        var sets = new AdaptationSets(renditions);
        var main = MainSound(renditions);
        // Within its kind: what joins when a film that grew is whole (further codecs, subtitles, tiles) moves no set that players know (§5.3.3.2: @id stays).
        Span<int> ids = [0, IdsOfAKind, 2 * IdsOfAKind];
        for (var set = 0; set < renditions.Length; set++)
        {
            if (!sets.IsSet(set))
                continue;
            ref var id = ref ids[renditions[set].Kind switch { TrackKind.Video => 0, TrackKind.Audio => 1, _ => 2 }];
            BeginAdaptationSet(ref text, id++, renditions[set], sets.IsAligned(set), addressing);
            if (sets.HasOneKey(set))
                ContentProtection.Write(ref text, "      "u8, renditions[set], licenseUrl);
            WriteDescriptors(ref text, renditions[set], isMain: main >= 0 && IsSameSound(renditions[set], renditions[main]));
            for (var index = set; index < renditions.Length; index++)
            {
                if (sets.IsIn(set, index))
                    WriteRepresentation(ref text, renditions[index], target, addressing, sets.HasOneKey(set), licenseUrl, hints);
            }

            text.Write("    </AdaptationSet>\n"u8);
        }

        if (growing is null && addressing == SegmentAddressing.Segments && hints is { HasIFrameSegments: true })
            WriteTrickModes(ref text, renditions);
        if (presentation.Thumbnails is { } thumbnails)
            WriteThumbnails(ref text, 3 * IdsOfAKind, thumbnails, addressing);
        text.Write("  </Period>\n</MPD>\n"u8);
        text.Flush();
    }

    // §5.6 and ETSI TS 103 998 §6.2. Asked before the start: who comes to an edge that is being emptied begins elsewhere.
    private static void WriteSteering(ref Utf8Text text, ContentSteering steering)
    {
        foreach (var pathway in steering.Pathways)
        {
            text.Write("  <BaseURL serviceLocation=\""u8);
            text.Write(pathway.Id);
            text.Write("\">"u8);
            XmlText.WriteEscaped(ref text, pathway.BaseUri);
            text.Write("</BaseURL>\n"u8);
        }

        text.Write("  <ContentSteering defaultServiceLocation=\""u8);
        text.Write(steering.Pathways[0].Id);
        text.Write("\" queryBeforeStart=\"true\">"u8);
        XmlText.WriteEscaped(ref text, steering.ServerUri);
        text.Write("</ContentSteering>\n"u8);
    }

    // §5.3.1.2. No timeShiftBufferDepth: everything stays available. The moment from which segments are available lies so far back that all of a film
    // are, whatever a viewer's clock says; how far the timeline reaches says which there are.
    private static void WriteGrowth(ref Utf8Text text, GrowingPresentation growing)
    {
        text.Write("S\" availabilityStartTime=\""u8);
        text.Write(Moment(growing.StartedAt - EarlierThanStart));
        text.Write("\" publishTime=\""u8);
        text.Write(Moment(growing.GrownAt));
        text.Write("\" minimumUpdatePeriod=\"PT2S\">\n"u8);
    }

    // To the millisecond: an MPD that is another has another publishTime.
    private static string Moment(DateTimeOffset moment) => moment.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);

    private static int MainSound(ReadOnlySpan<Rendition> renditions)
    {
        var first = -1;
        for (var index = 0; index < renditions.Length; index++)
        {
            if (renditions[index].Kind != TrackKind.Audio)
                continue;
            if (renditions[index].IsDefault)
                return index;
            if (first < 0)
                first = index;
        }

        return first;
    }

    // The main sound in 5.1 is the main sound too.
    private static bool IsSameSound(Rendition one, Rendition other) =>
        one.Kind == other.Kind && one.Language == other.Language && one.Name == other.Name && one.Role == other.Role;

    // §5.3.3.2
    private static void BeginAdaptationSet(ref Utf8Text text, int id, Rendition first, bool isAligned, SegmentAddressing addressing)
    {
        text.Write("    <AdaptationSet id=\""u8);
        text.Write(id);
        text.Write(first.Kind switch
        {
            TrackKind.Video => "\" contentType=\"video\" mimeType=\"video/mp4\""u8,
            TrackKind.Audio => "\" contentType=\"audio\" mimeType=\"audio/mp4\""u8,
            _ => "\" contentType=\"text\" mimeType=\"application/mp4\""u8,
        });
        if (first.Language is { } language)
        {
            text.Write(" lang=\""u8);
            XmlText.WriteEscaped(ref text, language);
            text.Write("\""u8);
        }

        // Of a self-initializing file the segments are the subsegments of its index (§8.3.3).
        if (isAligned)
            text.Write(addressing == SegmentAddressing.ByteRanges ? " segmentAlignment=\"true\" subsegmentAlignment=\"true\""u8 : " segmentAlignment=\"true\""u8);
        text.Write(addressing == SegmentAddressing.ByteRanges ? " startWithSAP=\"1\" subsegmentStartsWithSAP=\"1\">\n"u8 : " startWithSAP=\"1\">\n"u8);
    }

    // In the order of the schema: properties (after any ContentProtection), Label, Accessibility, Role.
    private static void WriteDescriptors(ref Utf8Text text, Rendition first, bool isMain)
    {
        // §5.8.5.7 and ISO/IEC 23091-2: a player that does not know PQ shows it wrongly; HLG it shows well enough.
        if (first.Video is { Range: VideoRange.Pq })
            text.Write("      <EssentialProperty schemeIdUri=\"urn:mpeg:mpegB:cicp:TransferCharacteristics\" value=\"16\"/>\n"u8);
        if (first.Video is { Range: VideoRange.Hlg })
            text.Write("      <SupplementalProperty schemeIdUri=\"urn:mpeg:mpegB:cicp:TransferCharacteristics\" value=\"18\"/>\n"u8);
        if (first.Audio is { JointObjects: > 0 } atmos)
        {
            // ETSI TS 103 420 §D.2
            text.Write("      <SupplementalProperty schemeIdUri=\"tag:dolby.com,2018:dash:EC3_ExtensionType:2018\" value=\"JOC\"/>\n"u8);
            text.Write("      <SupplementalProperty schemeIdUri=\"tag:dolby.com,2018:dash:EC3_ExtensionComplexityIndex:2018\" value=\""u8);
            text.Write(atmos.JointObjects);
            text.Write("\"/>\n"u8);
        }

        if (first.Name is { } name)
        {
            text.Write("      <Label>"u8);
            XmlText.WriteEscaped(ref text, name);
            text.Write("</Label>\n"u8);
        }

        // §5.8.4.3
        if (first.Role is TrackRole.Description or TrackRole.Caption)
            text.Write(first.Role == TrackRole.Description
                ? "      <Accessibility schemeIdUri=\"urn:mpeg:dash:role:2011\" value=\"description\"/>\n"u8
                : "      <Accessibility schemeIdUri=\"urn:mpeg:dash:role:2011\" value=\"caption\"/>\n"u8);
        if (first.Kind == TrackKind.Video)
            return;
        text.Write("      <Role schemeIdUri=\"urn:mpeg:dash:role:2011\" value=\""u8);
        text.Write(first.Role != TrackRole.None ? TrackRoleName.Of(first.Role) : first.Kind == TrackKind.Text ? "subtitle"u8 : isMain ? "main"u8 : "alternate"u8);
        text.Write("\"/>\n"u8);
    }

    // §5.3.5.2
    private static void WriteRepresentation(
        ref Utf8Text text, Rendition rendition, long targetDuration, SegmentAddressing addressing, bool isProtectionTold, string? licenseUrl,
        DeliveryHints? hints)
    {
        text.Write("      <Representation id=\""u8);
        text.Write(rendition.Id);
        text.Write("\" bandwidth=\""u8);
        text.Write(rendition.PeakBitrateAt(targetDuration));
        text.Write("\" codecs=\""u8);
        text.Write(rendition.Codecs);
        text.Write("\""u8);
        if (rendition.Video is { } video)
            WriteVideoAttributes(ref text, video);
        if (rendition.Audio is { } audio)
            WriteAttribute(ref text, " audioSamplingRate=\""u8, audio.SampleRate);
        // One is what all others have.
        if (rendition.Video is { } picture && picture.Height == hints?.StartHeight)
            WriteAttribute(ref text, " selectionPriority=\""u8, 2);
        text.Write(">\n"u8);
        if (rendition.Audio is { } sound)
        {
            text.Write("        <AudioChannelConfiguration schemeIdUri=\"urn:mpeg:mpegB:cicp:ChannelConfiguration\""u8);
            WriteAttribute(ref text, " value=\""u8, ChannelConfiguration(sound.Channels));
            text.Write("/>\n"u8);
        }

        if (!isProtectionTold)
            ContentProtection.Write(ref text, "        "u8, rendition, licenseUrl);
        if (addressing == SegmentAddressing.ByteRanges)
            WriteSegmentBase(ref text, rendition);
        else
            SegmentTemplate.Write(ref text, rendition);
        text.Write("      </Representation>\n"u8);
    }

    private static void WriteVideoAttributes(ref Utf8Text text, VideoFormat video)
    {
        WriteAttribute(ref text, " width=\""u8, video.Width);
        WriteAttribute(ref text, " height=\""u8, video.Height);
        text.Write(" frameRate=\""u8);
        text.Write(video.FrameRate.Numerator);
        if (video.FrameRate.Denominator != 1)
        {
            text.Write("/"u8);
            text.Write(video.FrameRate.Denominator);
        }

        text.Write("\" sar=\""u8);
        text.Write(video.SampleAspectRatio.Horizontal);
        text.Write(":"u8);
        text.Write(video.SampleAspectRatio.Vertical);
        text.Write("\""u8);
    }

    // ISO/IEC 23091-3 Table 3: up to six channels the number is theirs; seven and eight are 6.1 and 7.1 with speakers behind.
    private static int ChannelConfiguration(int channels) => channels switch { 7 => 11, 8 => 12, _ => channels };

    // §5.3.9.2
    private static void WriteSegmentBase(ref Utf8Text text, Rendition rendition)
    {
        text.Write("        <BaseURL>"u8);
        text.Write(rendition.Id);
        text.Write(".mp4</BaseURL>\n        <SegmentBase"u8);
        WriteAttribute(ref text, " timescale=\""u8, rendition.Timescale);
        WriteRange(ref text, " indexRange=\""u8, rendition.SegmentIndex);
        text.Write(">\n          <Initialization"u8);
        WriteRange(ref text, " range=\""u8, rendition.Initialization);
        text.Write("/>\n        </SegmentBase>\n"u8);
    }

    // DASH-IF IOP 4.3 §3.2.9: a set that only who plays faster than usual may take, for each set of pictures. Its segments are those of the I-frame playlists:
    // a fragment's header and its first sample, without the rest of the mdat. Not of encrypted pictures: no player that we know takes such a fragment apart.
    // Not over byte ranges: there segments come from a file's index alone (§8.3.3), and its references lie one behind the other.
    private static void WriteTrickModes(ref Utf8Text text, ReadOnlySpan<Rendition> renditions)
    {
        var sets = new AdaptationSets(renditions);
        var main = -1;
        for (var set = 0; set < renditions.Length; set++)
        {
            if (!sets.IsSet(set) || renditions[set].Kind != TrackKind.Video)
                continue;
            // The sets of pictures are numbered from 0 on.
            main++;
            if (!HasTrickMode(renditions[set]))
                continue;
            text.Write("    <AdaptationSet id=\""u8);
            text.Write(4 * IdsOfAKind + main);
            text.Write("\" contentType=\"video\" mimeType=\"video/mp4\" startWithSAP=\"1\" codingDependency=\"false\">\n      <EssentialProperty schemeIdUri=\"http://dashif.org/guidelines/trickmode\" value=\""u8);
            text.Write(main);
            text.Write("\"/>\n"u8);
            WriteDescriptors(ref text, renditions[set], isMain: false);
            for (var index = set; index < renditions.Length; index++)
            {
                if (sets.IsIn(set, index) && HasTrickMode(renditions[index]))
                    WriteTrickMode(ref text, renditions[index]);
            }

            text.Write("    </AdaptationSet>\n"u8);
        }
    }

    private static bool HasTrickMode(Rendition rendition) => rendition is { Kind: TrackKind.Video, Encryption: null, AccessPoints.IsEmpty: false };

    private static void WriteTrickMode(ref Utf8Text text, Rendition rendition)
    {
        var points = rendition.AccessPoints.AsSpan();
        text.Write("      <Representation id=\""u8);
        text.Write(rendition.Id);
        text.Write("+iframes\" bandwidth=\""u8);
        text.Write(SegmentBitrate.Peak(points, rendition.Timescale, SegmentBitrate.TargetDuration(points, rendition.Timescale)));
        text.Write("\" codecs=\""u8);
        text.Write(rendition.Codecs);
        text.Write("\""u8);
        WriteAttribute(ref text, " width=\""u8, rendition.Video!.Width);
        WriteAttribute(ref text, " height=\""u8, rendition.Video.Height);
        WriteAttribute(ref text, " maxPlayoutRate=\""u8, MaxPlayoutRate);
        text.Write(">\n"u8);
        SegmentTemplate.WriteIFrames(ref text, rendition);
        text.Write("      </Representation>\n"u8);
    }

    // DASH-IF IOP §6.2.6
    private static void WriteThumbnails(ref Utf8Text text, int id, ThumbnailTiles thumbnails, SegmentAddressing addressing)
    {
        text.Write("    <AdaptationSet id=\""u8);
        text.Write(id);
        text.Write("\" contentType=\"image\" mimeType=\"image/jpeg\">\n      <SegmentTemplate media=\""u8);
        text.Write(addressing == SegmentAddressing.ByteRanges ? "thumbnails/$Number$.jpg\""u8 : "../thumbnails/$Number$.jpg\""u8);
        WriteAttribute(ref text, " duration=\""u8, (long)thumbnails.FileDuration.TotalMilliseconds);
        text.Write(" timescale=\"1000\" startNumber=\"1\"/>\n      <Representation id=\"thumbnails\""u8);
        var largest = 0L;
        foreach (var size in thumbnails.Sizes)
            largest = Math.Max(largest, size);
        WriteAttribute(ref text, " bandwidth=\""u8, Math.Max(1, largest * 8 * TimeSpan.TicksPerSecond / thumbnails.FileDuration.Ticks));
        WriteAttribute(ref text, " width=\""u8, thumbnails.Width * thumbnails.Columns);
        WriteAttribute(ref text, " height=\""u8, thumbnails.Height * thumbnails.Rows);
        text.Write(">\n        <EssentialProperty schemeIdUri=\"http://dashif.org/guidelines/thumbnail_tile\" value=\""u8);
        text.Write(thumbnails.Columns);
        text.Write("x"u8);
        text.Write(thumbnails.Rows);
        text.Write("\"/>\n      </Representation>\n    </AdaptationSet>\n"u8);
    }

    private static void WriteAttribute(ref Utf8Text text, ReadOnlySpan<byte> start, long value)
    {
        text.Write(start);
        text.Write(value);
        text.Write("\""u8);
    }

    private static void WriteRange(ref Utf8Text text, ReadOnlySpan<byte> start, ByteRange range)
    {
        text.Write(start);
        text.Write(range.Offset);
        text.Write("-"u8);
        text.Write(range.Offset + range.Size - 1);
        text.Write("\""u8);
    }

    // xs:duration in seconds
    private static void WriteDuration(ref Utf8Text text, TimeSpan duration)
    {
        text.Write("PT"u8);
        text.WriteMillionths((duration.Ticks + TimeSpan.TicksPerMicrosecond - 1) / TimeSpan.TicksPerMicrosecond);
        text.Write("S"u8);
    }
}
