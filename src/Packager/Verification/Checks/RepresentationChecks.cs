using Movento.Packager.Verification.Descriptions;
using Movento.Packager.Verification.Media;

namespace Movento.Packager.Verification.Checks;

/// <summary>What an MPD says of one representation, held against its bytes (ISO/IEC 23009-1 §5.3.5 and §5.3.7).</summary>
internal sealed class RepresentationChecks(RepresentationDeclaration representation, MeasuredTrack track, Findings findings)
{
    private const double TimeTolerance = 0.050;
    private const double BandwidthTolerance = 1.10;

    // ISO/IEC 23091-3 Table 2, ChannelConfiguration 0 to 14; up to 6 it is the number of channels itself.
    private static ReadOnlySpan<byte> ChannelCounts => [0, 1, 2, 3, 4, 5, 6, 8, 2, 3, 4, 7, 8, 24, 8];

    public void Check(MpdElement mpd)
    {
        if (track.Declaration.Kind != DeclaredKind.Fragments || track.Initialization is null)
            return;
        CheckKind();
        CheckCodecs();
        CheckPictures();
        CheckSound();
        CheckProtection();
        if (representation.Naming is "SegmentTemplate" or "SegmentList")
            CheckTimes();
        CheckStarts();
        CheckBandwidth(MpdValues.Duration(mpd["minBufferTime"]) ?? 0);
    }

    private void Add(VerificationRule rule, FormattableString sentence, Severity? severity = null) =>
        findings.Add(rule, track.Declaration.Location, FormattableString.Invariant(sentence), severity);

    private void CheckKind()
    {
        var kind = track.Leading!.Kind;
        var mime = representation["mimeType"] ?? "";
        if (kind is "video" or "audio" && !mime.StartsWith(kind, StringComparison.Ordinal))
            Add(VerificationRule.DashMimeType, $"@mimeType is {mime}; the track is {kind}.");
        if (representation.AdaptationSet["contentType"] is { } type && type != kind && type is "video" or "audio" or "text")
            Add(VerificationRule.DashMimeType, $"@contentType is {representation.AdaptationSet["contentType"]}; the track is {kind}.");
    }

    private void CheckCodecs()
    {
        if (representation["codecs"] is not { } codecs)
        {
            Add(VerificationRule.DashCodecs, $"There is no @codecs: a player must fetch segments to know whether it can play them.", Severity.Warning);
            return;
        }

        foreach (var problem in CodecList.Problems(codecs, [track]))
            Add(VerificationRule.DashCodecs, $"@codecs {problem}");
    }

    private void CheckPictures()
    {
        if (track.Leading!.Entry?.Video is not { } video)
            return;
        if (MpdValues.Integer(representation["width"]) is { } width && width != video.Width || MpdValues.Integer(representation["height"]) is { } height && height != video.Height)
            Add(VerificationRule.DashResolution, $"@width and @height are {representation["width"]}x{representation["height"]}; the pictures are {video.Width}x{video.Height}.");
        if (MpdValues.FrameRate(representation["frameRate"]) is { } rate && track.FrameRate() is { } measured
            && (rate < measured.Average * 0.99 || rate > Math.Max(measured.Highest, measured.Average) * 1.01))
            Add(VerificationRule.DashFrameRate, $"@frameRate is {representation["frameRate"]}; the pictures come at {measured.Average:0.###} a second.");
    }

    private void CheckSound()
    {
        if (track.Leading!.Entry?.Audio is not { } audio)
            return;
        if (MpdValues.Integer(representation["audioSamplingRate"]) is { } rate && rate != audio.SampleRate)
            Add(VerificationRule.DashAudio, $"@audioSamplingRate is {rate}; the sound has {audio.SampleRate} Hz.");
        foreach (var channels in representation.Descriptors("AudioChannelConfiguration"))
        {
            // §5.8.5.4; Dolby's scheme has a bit for each loudspeaker, which is not read here.
            if (channels["schemeIdUri"] is "urn:mpeg:dash:23003:3:audio_channel_configuration:2011" or "urn:mpeg:mpegB:cicp:ChannelConfiguration"
                && audio.Channels > 0 && MpdValues.Integer(channels["value"]) is { } value && value != audio.Channels
                && (value >= ChannelCounts.Length || ChannelCounts[(int)value] != audio.Channels))
                Add(VerificationRule.DashAudio, $"AudioChannelConfiguration is {channels["value"]}; the sound has {audio.Channels} channels.");
        }
    }

    private void CheckProtection()
    {
        const string Scheme = "urn:mpeg:dash:mp4protection:2011";
        var protection = track.Leading!.Protection;
        var descriptors = representation.Descriptors("ContentProtection").ToArray();
        if (protection is not { IsProtected: true })
        {
            if (descriptors.Length > 0)
                Add(VerificationRule.DashProtection, $"There is a ContentProtection; the sample entry is in the clear.");
            return;
        }

        if (Array.Find(descriptors, descriptor => string.Equals(descriptor["schemeIdUri"], Scheme, StringComparison.OrdinalIgnoreCase)) is not { } common)
        {
            Add(VerificationRule.DashProtection, $"The sample entry is encrypted with {protection.Scheme}; no ContentProtection of {Scheme} says so.");
            return;
        }

        if (common["value"] is { } value && !value.StartsWith(protection.Scheme.ToString(), StringComparison.Ordinal))
            Add(VerificationRule.DashProtection, $"ContentProtection says '{value}'; the scheme is {protection.Scheme}.");
        if (common["cenc:default_KID"] is { } text && Guid.TryParse(text, out var id) && protection.KeyId != 0)
        {
            Span<byte> bytes = stackalloc byte[16];
            id.TryWriteBytes(bytes, bigEndian: true, out _);
            if (System.Buffers.Binary.BinaryPrimitives.ReadUInt128BigEndian(bytes) != protection.KeyId)
                Add(VerificationRule.EncryptionKeyId, $"cenc:default_KID is {text}; tenc has {protection.KeyId:x32}.");
        }
    }

    private void CheckTimes()
    {
        for (var index = 0; index < track.Segments.Length; index++)
        {
            if (track.Run(index) is not { } run)
                continue;
            var declared = track.Declaration.Segments[index];
            var location = track.Declaration.At(declared);
            // The edit list may or may not be counted in the timeline's times, and sound's may begin with its priming.
            double[] starts = [run.StartSeconds, run.Track.Seconds(run.EarliestPresentation), run.Track.Seconds(run.DecodeStart), run.Track.Seconds(run.EarliestPresentation - run.Track.PresentationShift)];
            var allowed = representation.HasTimeline ? TimeTolerance : declared.Duration / 2 + TimeTolerance;
            if (Array.TrueForAll(starts, start => Math.Abs(start - declared.Start) > allowed))
                findings.Add(VerificationRule.DashTimeline, location, FormattableString.Invariant($"Segment {index + 1} is said to begin at {declared.Start:0.######} s; it does at {run.StartSeconds:0.######} s."));
            var shown = (track.Run(index + 1)?.StartSeconds ?? run.Track.Seconds(run.LatestPresentationEnd)) - run.StartSeconds;
            var isLast = index == track.Segments.Length - 1;
            if (representation.HasTimeline && Math.Abs(declared.Duration - run.DecodeDuration) > allowed && Math.Abs(declared.Duration - shown) > allowed)
                findings.Add(
                    VerificationRule.DashTimeline, location, FormattableString.Invariant($"Segment {index + 1} is said to last {declared.Duration:0.######} s; it does {run.DecodeDuration:0.######} s."),
                    isLast && declared.Duration > run.DecodeDuration && declared.Duration - run.DecodeDuration < 0.5 ? Severity.Warning : null);
        }
    }

    private void CheckStarts()
    {
        var claimed = MpdValues.Integer(representation[representation.Naming == "SegmentBase" ? "subsegmentStartsWithSAP" : "startWithSAP"])
            ?? MpdValues.Integer(representation["startWithSAP"]);
        if (claimed is not (1 or 2 or 3))
            return;
        for (var index = 0; index < track.Segments.Length; index++)
        {
            if (track.Run(index) is not { } run)
                continue;
            if (!run.BeginsWithSync || run.BeginsWithKeyPicture == false || claimed == 1 && run.Track.IsVideo && run.EarliestPresentation < run.FirstPresentation)
            {
                Add(VerificationRule.DashStartWithSap, $"startWithSAP is {claimed}; segment {index + 1} does not begin with such an access point.");
                return;
            }
        }
    }

    // A client that gets bandwidth bits a second has, at the end of any stretch of segments, all of its bits, if it began minBufferTime before.
    private void CheckBandwidth(double minBufferTime)
    {
        if (MpdValues.Integer(representation.Element["bandwidth"]) is not (> 0 and var bandwidth) || !track.IsWhole)
            return;
        var isShort = IsShort(bandwidth);
        if (isShort)
            Add(
                VerificationRule.DashBandwidth, $"@bandwidth is {bandwidth} with minBufferTime {minBufferTime:0.###} s: a client with that much would run dry; the average is {track.Average()}, the peak {track.Peak(10)} bit/s.",
                IsShort(bandwidth * BandwidthTolerance) ? null : Severity.Warning);

        bool IsShort(double rate)
        {
            var (worst, debt) = (0.0, 0.0);
            for (var index = 0; index < track.Segments.Length; index++)
            {
                debt = Math.Max(0, debt) + track.Sizes[index] * 8.0 - rate * track.Run(index)!.DecodeDuration;
                worst = Math.Max(worst, debt);
            }

            return worst > rate * minBufferTime;
        }
    }
}
