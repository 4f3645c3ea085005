using System.Buffers;
using Movento.Packager.Manifests;
using Movento.Packager.Presentations;
using Movento.Packager.Text;

namespace Movento.Packager.Hls;

/// <summary>The multivariant playlist (RFC 8216bis §4.4.6): <c>master.m3u8</c>, naming the media playlists beside it (docs/formats/urls.md).</summary>
public static class MultivariantPlaylist
{
    /// <summary>
    /// Renders the playlist as UTF-8:
    /// <list type="number">
    /// <item>the keys, so that a player asks for them at once, and where the chapters are;</item>
    /// <item>the sound, a group for each codec and number of channels;</item>
    /// <item>the subtitles, one group;</item>
    /// <item>the variants: each rung of pictures with each group of sound; without pictures, each group itself;</item>
    /// <item>the pictures for trick play: of each rung its I-frames, and the still ones.</item>
    /// </list>
    /// Where there is content steering, 2 to 5 once for each pathway, with groups of its own.
    /// </summary>
    /// <param name="output">Takes the text; nothing else is allocated.</param>
    /// <param name="presentation">What is listed.</param>
    /// <param name="addressing">How the playlists name segments: their keys lie elsewhere.</param>
    /// <param name="hints">Of this delivery, or null.</param>
    public static void Write(
        IBufferWriter<byte> output, Presentation presentation, SegmentAddressing addressing = SegmentAddressing.ByteRanges, DeliveryHints? hints = null) =>
        Write(output, presentation, addressing, growing: null, hints);

    /// <summary>Renders the playlist of a presentation that grows. It lies in <c>segments/</c>, as all that it names.</summary>
    /// <param name="output">Takes the text.</param>
    /// <param name="growing">What is listed.</param>
    /// <param name="hints">Of this delivery, or null.</param>
    public static void Write(IBufferWriter<byte> output, GrowingPresentation growing, DeliveryHints? hints = null) =>
        Write(output, growing.Playable, SegmentAddressing.Segments, growing, hints);

    private static void Write(
        IBufferWriter<byte> output, Presentation presentation, SegmentAddressing addressing, GrowingPresentation? growing, DeliveryHints? hints)
    {
        var text = new Utf8Text(output);
        var renditions = presentation.Renditions.AsSpan();
        var groups = new AudioGroups(renditions);

        // Measured once: a variant adds two of them up. 4 KB for 256 renditions, as many as presentation.json may have.
        var bitrates = renditions.Length <= 256 ? stackalloc Bitrate[renditions.Length] : new Bitrate[renditions.Length];
        var (hasVideo, hasText, hasScores) = (false, false, true);
        var target = growing?.TargetDuration ?? presentation.TargetDuration;
        for (var index = 0; index < renditions.Length; index++)
        {
            var rendition = renditions[index];
            bitrates[index] = rendition.Kind is TrackKind.Video or TrackKind.Audio ? new Bitrate(rendition.PeakBitrateAt(target), rendition.AverageBitrate) : default;
            hasVideo |= rendition.Kind == TrackKind.Video;
            hasText |= rendition.Kind == TrackKind.Text;
            hasScores &= rendition.Kind != TrackKind.Video || rendition.Score is not null;
        }

        text.Write("#EXTM3U\n#EXT-X-VERSION:6\n#EXT-X-INDEPENDENT-SEGMENTS\n"u8);
        if (growing is not null)
            text.Write("#EXT-X-START:TIME-OFFSET=0,PRECISE=YES\n"u8);
        if (hints?.Steering is { } steering)
            WriteSteering(ref text, steering);

        // :: Step 1 — keys
        WriteSessionKeys(ref text, renditions, addressing);

        WriteSessionData(ref text, presentation, addressing);

        // Without pictures, a group of one member is a plain variant.
        var variant = new Variant(
            hasVideo, hasText, hasScores && hasVideo, HasGroups: hasVideo || groups.MemberCount > 1, hints?.StartHeight ?? 0, Pathway: null);
        if (hints?.Steering is null)
            WritePathway(ref text, renditions, groups, bitrates, variant);
        else
        {
            foreach (var pathway in hints.Steering.Pathways)
                WritePathway(ref text, renditions, groups, bitrates, variant with { Pathway = pathway });
        }

        text.Flush();
    }

    // §4.4.6.6
    private static void WriteSteering(ref Utf8Text text, ContentSteering steering)
    {
        text.Write("#EXT-X-CONTENT-STEERING:SERVER-URI=\""u8);
        HlsText.WriteQuoted(ref text, steering.ServerUri);
        text.Write("\",PATHWAY-ID=\""u8);
        text.Write(steering.Pathways[0].Id);
        text.Write("\"\n"u8);
    }

    private static void WritePathway(
        ref Utf8Text text, ReadOnlySpan<Rendition> renditions, AudioGroups groups, scoped ReadOnlySpan<Bitrate> bitrates, Variant variant)
    {
        // :: Step 2 — sound
        for (var group = 0; variant.HasGroups && group < renditions.Length; group++)
        {
            if (groups.IsGroup(group))
                WriteAudioGroup(ref text, renditions, groups, group, variant);
        }

        // :: Step 3 — subtitles
        for (var index = 0; index < renditions.Length; index++)
        {
            if (renditions[index].Kind == TrackKind.Text)
                WriteSubtitles(ref text, renditions, index, variant);
        }

        // :: Step 4 — variants, those to begin with before the others
        WriteVariants(ref text, renditions, groups, bitrates, variant, isStart: true);
        WriteVariants(ref text, renditions, groups, bitrates, variant, isStart: false);

        // :: Step 5 — trick play
        foreach (var rendition in renditions)
        {
            if (rendition.AccessPoints.Length > 0)
                WriteIFrames(ref text, rendition, variant);
        }
    }

    private static void WriteVariants(
        ref Utf8Text text, ReadOnlySpan<Rendition> renditions, AudioGroups groups, scoped ReadOnlySpan<Bitrate> bitrates, Variant variant, bool isStart)
    {
        for (var index = 0; index < renditions.Length; index++)
        {
            if (variant.IsStart(renditions[index]) != isStart)
                continue;
            if (renditions[index].Kind == TrackKind.Video)
                WriteVariantsOf(ref text, renditions, groups, bitrates, index, variant);
            else if (!variant.HasVideo && groups.IsGroup(index))
                WriteSoundVariant(ref text, renditions, groups, bitrates, index, variant);
        }
    }

    // §4.4.6.4
    private static void WriteSessionKeys(ref Utf8Text text, ReadOnlySpan<Rendition> renditions, SegmentAddressing addressing)
    {
        for (var index = 0; index < renditions.Length; index++)
        {
            if (renditions[index].Encryption is not { } encryption)
                continue;
            var isNew = true;
            for (var other = 0; other < index && isNew; other++)
                isNew = renditions[other].Encryption is not { } earlier || earlier.Scheme != encryption.Scheme || earlier.Periods[0].KeyId != encryption.Periods[0].KeyId;
            if (isNew)
                KeyTags.Write(ref text, KeyTags.Session, encryption, encryption.Periods[0], addressing);
        }
    }

    // §4.4.6.4: JSON where no FORMAT says otherwise.
    private static void WriteSessionData(ref Utf8Text text, Presentation presentation, SegmentAddressing addressing)
    {
        if (presentation.Chapters.IsEmpty)
            return;
        text.Write("#EXT-X-SESSION-DATA:DATA-ID=\""u8);
        text.Write(ChapterList.DataId);
        text.Write(addressing == SegmentAddressing.Segments ? "\",URI=\"../chapters.json\"\n"u8 : "\",URI=\"chapters.json\"\n"u8);
    }

    // §4.4.6.1
    private static void WriteAudioGroup(ref Utf8Text text, ReadOnlySpan<Rendition> renditions, AudioGroups groups, int group, Variant variant)
    {
        var @default = groups.Default;
        for (var member = 0; member < renditions.Length; member++)
        {
            if (!groups.IsMember(member))
                continue;
            var named = renditions[member];
            var rendition = renditions[groups.Find(group, member)];
            text.Write("#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID=\""u8);
            WriteGroupId(ref text, renditions[group], variant.Pathway);
            text.Write("\""u8);
            WriteLanguageAndName(ref text, renditions, member);
            var isDefault = member == @default;
            WriteSelection(ref text, isDefault, isDefault || named.Role != TrackRole.Commentary && IsFirstOfItsTraits(renditions, member));
            WriteCharacteristics(ref text, named.Role);
            if (rendition.Audio is { } audio)
            {
                text.Write(",CHANNELS=\""u8);
                // §4.4.6.1: of Joint Object Coding the first parameter is the complexity.
                text.Write(audio.JointObjects > 0 ? audio.JointObjects : audio.Channels);
                text.Write(audio.JointObjects > 0 ? "/JOC\""u8 : "\""u8);
            }

            WritePathwayId(ref text, variant.Pathway);
            WriteUri(ref text, variant.Pathway, rendition.Id, ".m3u8"u8);
        }
    }

    private static void WriteSubtitles(ref Utf8Text text, ReadOnlySpan<Rendition> renditions, int index, Variant variant)
    {
        var rendition = renditions[index];
        text.Write("#EXT-X-MEDIA:TYPE=SUBTITLES,GROUP-ID=\"subtitles"u8);
        WriteSuffix(ref text, variant.Pathway);
        text.Write("\""u8);
        WriteLanguageAndName(ref text, renditions, index);
        WriteSelection(ref text, rendition.IsDefault, rendition.IsDefault || IsFirstOfItsTraits(renditions, index));
        text.Write(rendition.Role == TrackRole.ForcedSubtitle ? ",FORCED=YES"u8 : ",FORCED=NO"u8);
        WriteCharacteristics(ref text, rendition.Role);
        WritePathwayId(ref text, variant.Pathway);
        WriteUri(ref text, variant.Pathway, rendition.Id, ".m3u8"u8);
    }

    // §4.4.6.2
    private static void WriteVariantsOf(
        ref Utf8Text text, ReadOnlySpan<Rendition> renditions, AudioGroups groups, scoped ReadOnlySpan<Bitrate> bitrates, int index, Variant variant)
    {
        var hasSound = false;
        for (var group = 0; group < renditions.Length; group++)
        {
            if (!groups.IsGroup(group))
                continue;
            hasSound = true;
            WriteVariant(ref text, renditions, groups, bitrates, index, group, variant);
        }

        if (!hasSound)
            WriteVariant(ref text, renditions, groups, bitrates, index, -1, variant);
    }

    private static void WriteVariant(
        ref Utf8Text text, ReadOnlySpan<Rendition> renditions, AudioGroups groups, scoped ReadOnlySpan<Bitrate> bitrates, int index, int group, Variant variant)
    {
        var rendition = renditions[index];
        WriteBandwidth(ref text, bitrates[index] + (group < 0 ? default : Highest(renditions, groups, bitrates, group)));
        if (variant.HasScores && rendition.Score is { } score)
        {
            text.Write(",SCORE="u8);
            text.WriteThousandths((long)Math.Round(score * 1000));
        }

        text.Write(",CODECS=\""u8);
        text.Write(rendition.Codecs);
        if (group >= 0)
            WriteSoundCodecs(ref text, renditions, groups, group, isFirst: false);
        text.Write("\""u8);
        WriteSupplementalCodecs(ref text, rendition);
        WriteResolution(ref text, rendition, withFrameRate: true);
        if (group >= 0)
        {
            text.Write(",AUDIO=\""u8);
            WriteGroupId(ref text, renditions[group], variant.Pathway);
            text.Write("\""u8);
        }

        WriteSubtitlesOf(ref text, variant);
        text.Write(",STABLE-VARIANT-ID=\""u8);
        text.Write(rendition.Id);
        if (group >= 0)
        {
            text.Write("+"u8);
            WriteGroupId(ref text, renditions[group], pathway: null);
        }

        text.Write("\""u8);
        EndVariant(ref text, variant.Pathway, rendition.Id);
    }

    private static void WriteSoundVariant(
        ref Utf8Text text, ReadOnlySpan<Rendition> renditions, AudioGroups groups, scoped ReadOnlySpan<Bitrate> bitrates, int group, Variant variant)
    {
        var rendition = renditions[groups.Find(group, groups.Default)];
        WriteBandwidth(ref text, Highest(renditions, groups, bitrates, group));
        text.Write(",CODECS=\""u8);
        WriteSoundCodecs(ref text, renditions, groups, group, isFirst: true);
        text.Write("\""u8);
        if (variant.HasGroups)
        {
            text.Write(",AUDIO=\""u8);
            WriteGroupId(ref text, renditions[group], variant.Pathway);
            text.Write("\""u8);
        }

        WriteSubtitlesOf(ref text, variant);
        text.Write(",STABLE-VARIANT-ID=\""u8);
        WriteGroupId(ref text, renditions[group], pathway: null);
        text.Write("\""u8);
        EndVariant(ref text, variant.Pathway, rendition.Id);
    }

    private static void WriteSubtitlesOf(ref Utf8Text text, Variant variant)
    {
        if (!variant.HasSubtitles)
            return;
        text.Write(",SUBTITLES=\"subtitles"u8);
        WriteSuffix(ref text, variant.Pathway);
        text.Write("\""u8);
    }

    private static void EndVariant(ref Utf8Text text, Pathway? pathway, string id)
    {
        WritePathwayId(ref text, pathway);
        text.Write("\n"u8);
        if (pathway is not null)
            HlsText.WriteQuoted(ref text, pathway.BaseUri);
        text.Write(id);
        text.Write(".m3u8\n"u8);
    }

    // §4.4.6.3: FRAME-RATE, AUDIO, SUBTITLES and CLOSED-CAPTIONS are forbidden here.
    private static void WriteIFrames(ref Utf8Text text, Rendition rendition, Variant variant)
    {
        var points = rendition.AccessPoints.AsSpan();
        text.Write("#EXT-X-I-FRAME-STREAM-INF:BANDWIDTH="u8);
        text.Write(SegmentBitrate.Peak(points, rendition.Timescale, SegmentBitrate.TargetDuration(points, rendition.Timescale)));
        text.Write(",AVERAGE-BANDWIDTH="u8);
        text.Write(SegmentBitrate.Average(points, rendition.Timescale));
        text.Write(",CODECS=\""u8);
        text.Write(rendition.Codecs);
        text.Write("\""u8);
        WriteSupplementalCodecs(ref text, rendition);
        WriteResolution(ref text, rendition, withFrameRate: false);
        text.Write(",STABLE-VARIANT-ID=\""u8);
        text.Write(rendition.Id);
        text.Write("+iframes\""u8);
        WritePathwayId(ref text, variant.Pathway);
        WriteUri(ref text, variant.Pathway, rendition.Id, ".iframes.m3u8"u8);
    }

    private static void WriteBandwidth(ref Utf8Text text, Bitrate bitrate)
    {
        text.Write("#EXT-X-STREAM-INF:BANDWIDTH="u8);
        text.Write(bitrate.Peak);
        text.Write(",AVERAGE-BANDWIDTH="u8);
        text.Write(bitrate.Average);
    }

    // Whichever member plays: the highest of a group.
    private static Bitrate Highest(ReadOnlySpan<Rendition> renditions, AudioGroups groups, scoped ReadOnlySpan<Bitrate> bitrates, int group)
    {
        var highest = default(Bitrate);
        for (var member = 0; member < renditions.Length; member++)
        {
            if (groups.IsMember(member) && bitrates[groups.Find(group, member)] is var bitrate)
                highest = new Bitrate(Math.Max(highest.Peak, bitrate.Peak), Math.Max(highest.Average, bitrate.Average));
        }

        return highest;
    }

    // Every codec of every member, each once.
    private static void WriteSoundCodecs(ref Utf8Text text, ReadOnlySpan<Rendition> renditions, AudioGroups groups, int group, bool isFirst)
    {
        for (var member = 0; member < renditions.Length; member++)
        {
            if (!groups.IsMember(member))
                continue;
            var codecs = renditions[groups.Find(group, member)].Codecs;
            var isNew = true;
            for (var other = 0; other < member && isNew; other++)
                isNew = !groups.IsMember(other) || renditions[groups.Find(group, other)].Codecs != codecs;
            if (!isNew)
                continue;
            if (!isFirst)
                text.Write(","u8);
            text.Write(codecs);
            isFirst = false;
        }
    }

    private static void WriteSupplementalCodecs(ref Utf8Text text, Rendition rendition)
    {
        if (rendition.SupplementalCodecs is not { } codecs)
            return;
        text.Write(",SUPPLEMENTAL-CODECS=\""u8);
        HlsText.WriteQuoted(ref text, codecs);
        text.Write("\""u8);
    }

    private static void WriteResolution(ref Utf8Text text, Rendition rendition, bool withFrameRate)
    {
        if (rendition.Video is not { } video)
            return;
        text.Write(",RESOLUTION="u8);
        text.Write(video.Width);
        text.Write("x"u8);
        text.Write(video.Height);
        if (withFrameRate)
        {
            text.Write(",FRAME-RATE="u8);
            text.WriteThousandths((video.FrameRate.Numerator * 1000 + video.FrameRate.Denominator / 2) / video.FrameRate.Denominator);
        }

        text.Write(video.Range switch
        {
            VideoRange.Pq => ",VIDEO-RANGE=PQ"u8,
            VideoRange.Hlg => ",VIDEO-RANGE=HLG"u8,
            _ => ",VIDEO-RANGE=SDR"u8,
        });
    }

    // The codec and the channels, so that it stays when other groups come.
    private static void WriteGroupId(ref Utf8Text text, Rendition group, Pathway? pathway)
    {
        text.Write(group.Codecs);
        text.Write("-"u8);
        text.Write(group.Audio?.Channels ?? 0);
        if (group.Audio is { JointObjects: > 0 })
            text.Write("-joc"u8);
        WriteSuffix(ref text, pathway);
    }

    // A group belongs to one pathway: its members have other URIs on another.
    private static void WriteSuffix(ref Utf8Text text, Pathway? pathway)
    {
        if (pathway is null)
            return;
        text.Write("@"u8);
        text.Write(pathway.Id);
    }

    // Of a variant (§4.4.6.2). Of EXT-X-MEDIA it follows from the variants, but shaka-player finds the pathway of subtitles nowhere else.
    private static void WritePathwayId(ref Utf8Text text, Pathway? pathway)
    {
        if (pathway is null)
            return;
        text.Write(",PATHWAY-ID=\""u8);
        text.Write(pathway.Id);
        text.Write("\""u8);
    }

    private static void WriteLanguageAndName(ref Utf8Text text, ReadOnlySpan<Rendition> renditions, int index)
    {
        var rendition = renditions[index];
        if (rendition.Language is { } language)
        {
            text.Write(",LANGUAGE=\""u8);
            HlsText.WriteQuoted(ref text, language);
            text.Write("\""u8);
        }

        text.Write(",NAME=\""u8);
        HlsText.WriteQuoted(ref text, PlainName(rendition));
        // Two of a group may not have the same name (§4.4.6.1.1): a later one gets its id behind it.
        for (var other = 0; other < index; other++)
        {
            if (renditions[other].Kind != rendition.Kind || PlainName(renditions[other]) != PlainName(rendition))
                continue;
            text.Write(" ("u8);
            text.Write(rendition.Id);
            text.Write(")"u8);
            break;
        }

        text.Write("\""u8);
    }

    private static string PlainName(Rendition rendition) => rendition.Name ?? rendition.Language ?? rendition.Id;

    private static void WriteSelection(ref Utf8Text text, bool isDefault, bool isAutomatic)
    {
        text.Write(isDefault ? ",DEFAULT=YES"u8 : ",DEFAULT=NO"u8);
        text.Write(isAutomatic ? ",AUTOSELECT=YES"u8 : ",AUTOSELECT=NO"u8);
    }

    // §4.4.6.1.1: what a player may choose by itself must differ in language, forcedness or characteristics.
    private static bool IsFirstOfItsTraits(ReadOnlySpan<Rendition> renditions, int index)
    {
        for (var other = 0; other < index; other++)
        {
            if (renditions[other].Kind == renditions[index].Kind && renditions[other].Language == renditions[index].Language
                && renditions[other].Role == renditions[index].Role
                && renditions[other].Audio?.Channels == renditions[index].Audio?.Channels
                && renditions[other].Audio?.JointObjects == renditions[index].Audio?.JointObjects)
                return false;
        }

        return true;
    }

    private static void WriteCharacteristics(ref Utf8Text text, TrackRole role) => text.Write(role switch
    {
        TrackRole.Description => ",CHARACTERISTICS=\"public.accessibility.describes-video\""u8,
        TrackRole.Caption => ",CHARACTERISTICS=\"public.accessibility.transcribes-spoken-dialog,public.accessibility.describes-music-and-sound\""u8,
        TrackRole.EasyReader => ",CHARACTERISTICS=\"public.easy-to-read\""u8,
        _ => ""u8,
    });

    private static void WriteUri(ref Utf8Text text, Pathway? pathway, string id, ReadOnlySpan<byte> extension)
    {
        text.Write(",URI=\""u8);
        if (pathway is not null)
            HlsText.WriteQuoted(ref text, pathway.BaseUri);
        text.Write(id);
        text.Write(extension);
        text.Write("\"\n"u8);
    }

    private readonly record struct Bitrate(long Peak, long Average)
    {
        public static Bitrate operator +(Bitrate one, Bitrate other) => new(one.Peak + other.Peak, one.Average + other.Average);
    }

    // What all variants of a presentation, on one pathway, have in common.
    private readonly record struct Variant(bool HasVideo, bool HasSubtitles, bool HasScores, bool HasGroups, int StartHeight, Pathway? Pathway)
    {
        public bool IsStart(Rendition rendition) => rendition.Video is { } video && video.Height == StartHeight;
    }
}
