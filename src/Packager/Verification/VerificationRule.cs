using System.Collections.Immutable;

namespace Movento.Packager.Verification;

/// <summary>One rule that a finished presentation keeps: what is decided from bytes, and nothing that is a matter of taste.</summary>
/// <param name="Id">Stable; for suppressions, logs and docs/formats/verification.md.</param>
/// <param name="Severity">Of a breach; a harmless breach of an error is found as a warning.</param>
/// <param name="Clause">Where the rule comes from.</param>
/// <param name="Meaning">What must be so.</param>
public sealed record VerificationRule(string Id, Severity Severity, string Clause, string Meaning)
{

    // :: The files

    internal static readonly VerificationRule SourceMissing = new(
        "source-missing", Severity.Error, "RFC 8216bis §4.1, ISO/IEC 23009-1 §5.6.4",
        "Every file that a manifest names is there, as far as the range reaches.");

    internal static readonly VerificationRule SourceOutside = new(
        "source-outside", Severity.Error, "RFC 3986 §5",
        "Every address lies below the presentation's root: nothing else is read.");

    internal static readonly VerificationRule SourceLimit = new(
        "source-limit", Severity.Error, "docs/formats/verification.md",
        "No manifest, header or list is larger than the verifier's bounds.");

    internal static readonly VerificationRule SourceEmpty = new(
        "source-empty", Severity.Error, "RFC 8216bis §4.4.6.2, ISO/IEC 23009-1 §5.3",
        "The presentation has a track.");

    // :: HLS: the text

    internal static readonly VerificationRule HlsText = new(
        "hls-text", Severity.Error, "RFC 8216bis §4.1",
        "A playlist is UTF-8 without a byte order mark or control characters.");

    internal static readonly VerificationRule HlsHeader = new(
        "hls-header", Severity.Error, "RFC 8216bis §4.4.1.1",
        "The first line is #EXTM3U.");

    internal static readonly VerificationRule HlsKind = new(
        "hls-kind", Severity.Error, "RFC 8216bis §4.1",
        "A playlist is a multivariant one or a media playlist: it has not the tags of both.");

    internal static readonly VerificationRule HlsTag = new(
        "hls-tag", Severity.Error, "RFC 8216bis §4.4",
        "A tag has the form that the standard gives it, stands where it belongs, and once where it may stand once.");

    internal static readonly VerificationRule HlsAttributeList = new(
        "hls-attribute-list", Severity.Error, "RFC 8216bis §4.2",
        "An attribute list has NAME=value, comma-separated, without spaces, no name twice.");

    internal static readonly VerificationRule HlsAttributeValue = new(
        "hls-attribute-value", Severity.Error, "RFC 8216bis §4.2",
        "An attribute's value is of its type: FRAME-RATE is a number without quotes, an enumerated value is one that the standard names.");

    internal static readonly VerificationRule HlsAttributeMissing = new(
        "hls-attribute-missing", Severity.Error, "RFC 8216bis §4.4",
        "A mandatory attribute is there.");

    internal static readonly VerificationRule HlsAttributeForbidden = new(
        "hls-attribute-forbidden", Severity.Error, "RFC 8216bis §4.4.6.3",
        "EXT-X-I-FRAME-STREAM-INF has no FRAME-RATE, AUDIO, SUBTITLES or CLOSED-CAPTIONS; METHOD=NONE has no other attribute; captions have no URI.");

    internal static readonly VerificationRule HlsVersion = new(
        "hls-version", Severity.Error, "RFC 8216bis §8",
        "EXT-X-VERSION is as high as what the playlist uses needs.");

    // :: HLS: what the multivariant playlist says

    internal static readonly VerificationRule HlsGroup = new(
        "hls-group", Severity.Error, "RFC 8216bis §4.4.6.2",
        "A group that a variant names exists, and is of that type.");

    internal static readonly VerificationRule HlsGroupName = new(
        "hls-group-name", Severity.Error, "RFC 8216bis §4.4.6.1.1",
        "The renditions of a group have different names.");

    internal static readonly VerificationRule HlsGroupDefault = new(
        "hls-group-default", Severity.Error, "RFC 8216bis §4.4.6.1",
        "A group has at most one default, a default is selected automatically, and only subtitles are forced.");

    internal static readonly VerificationRule HlsGroupLanguage = new(
        "hls-group-language", Severity.Warning, "RFC 8216bis §4.4.6.1.1",
        "Renditions of a group that are selected automatically differ in language, role or characteristics.");

    internal static readonly VerificationRule HlsBandwidth = new(
        "hls-bandwidth", Severity.Error, "RFC 8216bis §4.4.6.2",
        "BANDWIDTH is the largest sum of peak segment bit rates: an error where the bytes have more than 10 % more, a warning below that and where they have far less.");

    internal static readonly VerificationRule HlsAverageBandwidth = new(
        "hls-average-bandwidth", Severity.Error, "RFC 8216bis §4.4.6.2, Apple HLS authoring specification §9.13",
        "AVERAGE-BANDWIDTH is the measured average within 10 %.");

    internal static readonly VerificationRule HlsBandwidthSame = new(
        "hls-bandwidth-same", Severity.Error, "RFC 8216bis §4.4.6.2",
        "Variants whose bytes differ do not all say the same BANDWIDTH: a player could not choose between them.");

    internal static readonly VerificationRule HlsCodecs = new(
        "hls-codecs", Severity.Error, "RFC 8216bis §4.4.6.2, RFC 6381 §3",
        "CODECS names the codec of every sample entry, as its parameter sets say, and nothing else.");

    internal static readonly VerificationRule HlsResolution = new(
        "hls-resolution", Severity.Error, "RFC 8216bis §4.4.6.2",
        "RESOLUTION is the size of the pictures.");

    internal static readonly VerificationRule HlsFrameRate = new(
        "hls-frame-rate", Severity.Error, "RFC 8216bis §4.4.6.2",
        "FRAME-RATE is the largest frame rate of the pictures, to three decimals.");

    internal static readonly VerificationRule HlsVideoRange = new(
        "hls-video-range", Severity.Error, "RFC 8216bis §4.4.6.2",
        "VIDEO-RANGE is what the transfer characteristics say; nothing said means SDR.");

    internal static readonly VerificationRule HlsChannels = new(
        "hls-channels", Severity.Error, "RFC 8216bis §4.4.6.1",
        "CHANNELS is how many channels the sound has.");

    internal static readonly VerificationRule HlsAlignment = new(
        "hls-alignment", Severity.Error, "RFC 8216bis §6.2.4, Apple HLS authoring specification §4",
        "The variants' segments begin at the same times, so that a player may switch at each.");

    internal static readonly VerificationRule HlsTargetDurationSame = new(
        "hls-target-duration-same", Severity.Warning, "RFC 8216bis §6.2.4",
        "The variants have the same target duration.");

    internal static readonly VerificationRule HlsTotalDuration = new(
        "hls-total-duration", Severity.Error, "RFC 8216bis §6.2.4",
        "Variants and renditions last equally long: a warning from half a second on, an error beyond a target duration.");

    // :: HLS: what a media playlist says

    internal static readonly VerificationRule HlsTargetDuration = new(
        "hls-target-duration", Severity.Error, "RFC 8216bis §4.4.3.1",
        "No segment's EXTINF, rounded, is above EXT-X-TARGETDURATION.");

    internal static readonly VerificationRule HlsExtinf = new(
        "hls-extinf", Severity.Error, "RFC 8216bis §4.4.4.1",
        "EXTINF is how long the segment's samples last: a warning from 10 ms on, an error from 50 ms on.");

    internal static readonly VerificationRule HlsExtinfDrift = new(
        "hls-extinf-drift", Severity.Error, "RFC 8216bis §4.4.4.1",
        "Inaccuracies of EXTINF do not add up to more than 100 ms.");

    internal static readonly VerificationRule HlsMap = new(
        "hls-map", Severity.Error, "RFC 8216bis §4.4.4.5",
        "Segments of fragmented MP4 have an EXT-X-MAP.");

    internal static readonly VerificationRule HlsIndependent = new(
        "hls-independent", Severity.Error, "RFC 8216bis §4.4.2.1",
        "Where EXT-X-INDEPENDENT-SEGMENTS is said, every segment can be decoded alone.");

    internal static readonly VerificationRule HlsEndList = new(
        "hls-end-list", Severity.Warning, "RFC 8216bis §4.4.3.4",
        "A finished presentation ends with EXT-X-ENDLIST.");

    internal static readonly VerificationRule HlsIFrameTag = new(
        "hls-iframe-tag", Severity.Error, "RFC 8216bis §4.4.3.6",
        "An I-frame playlist says EXT-X-I-FRAMES-ONLY, and no other playlist does.");

    internal static readonly VerificationRule HlsIFrameRange = new(
        "hls-iframe-range", Severity.Error, "RFC 8216bis §4.4.3.6",
        "Each byte range of an I-frame playlist is a moof and the start of its mdat, up to the end of one whole picture or of the fragment: not the moov, not a part of a picture.");

    internal static readonly VerificationRule HlsIFrameDuration = new(
        "hls-iframe-duration", Severity.Error, "RFC 8216bis §4.4.3.6",
        "The EXTINF of an I-frame reaches to the next one; all of them last as long as the pictures.");

    internal static readonly VerificationRule HlsKey = new(
        "hls-key", Severity.Error, "RFC 8216bis §4.4.4.4",
        "EXT-X-KEY's METHOD is the scheme that the bytes have, clear bytes have none.");

    internal static readonly VerificationRule HlsWebVtt = new(
        "hls-webvtt", Severity.Error, "RFC 8216bis §3.1.4, W3C WebVTT §4",
        "A subtitle segment is a WebVTT file, its cues lie in the segment's time.");

    internal static readonly VerificationRule HlsTimestampMap = new(
        "hls-timestamp-map", Severity.Warning, "RFC 8216bis §3.1.4",
        "A WebVTT segment says with X-TIMESTAMP-MAP how its times relate to the media's.");

    // :: DASH: the text

    internal static readonly VerificationRule DashXml = new(
        "dash-xml", Severity.Error, "ISO/IEC 23009-1 §5.2.2, XML 1.0",
        "The MPD is well-formed XML without a document type.");

    internal static readonly VerificationRule DashStructure = new(
        "dash-structure", Severity.Error, "ISO/IEC 23009-1 Annex B (DASH-MPD.xsd)",
        "Elements are known, where they belong and in the schema's order.");

    internal static readonly VerificationRule DashAttribute = new(
        "dash-attribute", Severity.Error, "ISO/IEC 23009-1 §5.3",
        "Mandatory attributes are there, and values are of their types.");

    internal static readonly VerificationRule DashUniqueId = new(
        "dash-unique-id", Severity.Error, "ISO/IEC 23009-1 §5.3.2.2, §5.3.3.2, §5.3.5.2",
        "Periods, the adaptation sets of a period, and the representations of a period have different ids.");

    internal static readonly VerificationRule DashProfile = new(
        "dash-profile", Severity.Error, "ISO/IEC 23009-1 §8",
        "What a profile asks that @profiles claims is kept: isoff-on-demand has one file with an index for each representation.");

    // :: DASH: what the MPD says

    internal static readonly VerificationRule DashDuration = new(
        "dash-duration", Severity.Error, "ISO/IEC 23009-1 §5.3.1.2",
        "mediaPresentationDuration is as long as the media: a warning from half a second on, an error beyond a segment.");

    internal static readonly VerificationRule DashTimeline = new(
        "dash-timeline", Severity.Error, "ISO/IEC 23009-1 §5.3.9.6",
        "SegmentTimeline says when each segment begins and how long it lasts, within 50 ms; @duration within half of it.");

    internal static readonly VerificationRule DashIndexRange = new(
        "dash-index-range", Severity.Error, "ISO/IEC 23009-1 §5.3.9.2",
        "@indexRange is exactly the sidx, Initialization@range ends no later than it begins.");

    internal static readonly VerificationRule DashBandwidth = new(
        "dash-bandwidth", Severity.Error, "ISO/IEC 23009-1 §5.3.5.2, §5.3.5.4",
        "A client that fetches at @bandwidth and begins after minBufferTime never runs dry: an error where @bandwidth is more than 10 % short, a warning below that.");

    internal static readonly VerificationRule DashAlignment = new(
        "dash-alignment", Severity.Error, "ISO/IEC 23009-1 §5.3.3.2",
        "Where segmentAlignment or subsegmentAlignment is claimed, the segments of the representations do not overlap.");

    internal static readonly VerificationRule DashStartWithSap = new(
        "dash-start-with-sap", Severity.Error, "ISO/IEC 23009-1 §5.3.7.2",
        "Where startWithSAP or subsegmentStartsWithSAP is claimed, every segment begins with such an access point.");

    internal static readonly VerificationRule DashCodecs = new(
        "dash-codecs", Severity.Error, "ISO/IEC 23009-1 §5.3.7.2, RFC 6381 §3",
        "@codecs is what the parameter sets say.");

    internal static readonly VerificationRule DashMimeType = new(
        "dash-mime-type", Severity.Error, "ISO/IEC 23009-1 §5.3.7.2",
        "@mimeType and @contentType are of the track's kind.");

    internal static readonly VerificationRule DashResolution = new(
        "dash-resolution", Severity.Error, "ISO/IEC 23009-1 §5.3.7.2",
        "@width and @height are the size of the pictures.");

    internal static readonly VerificationRule DashFrameRate = new(
        "dash-frame-rate", Severity.Error, "ISO/IEC 23009-1 §5.3.7.2",
        "@frameRate is the frame rate of the pictures.");

    internal static readonly VerificationRule DashAudio = new(
        "dash-audio", Severity.Error, "ISO/IEC 23009-1 §5.3.7.2, §5.8.5.4",
        "@audioSamplingRate and AudioChannelConfiguration are what the sound has.");

    internal static readonly VerificationRule DashProtection = new(
        "dash-content-protection", Severity.Error, "ISO/IEC 23009-1 §5.8.4.1, ISO/IEC 23001-7 §11.2",
        "ContentProtection names the scheme and the key id that the bytes have, clear bytes have none.");

    internal static readonly VerificationRule DashTrickMode = new(
        "dash-trick-mode", Severity.Error, "DASH-IF IOP 4.3 §3.2.9",
        "A trick mode AdaptationSet names AdaptationSets of its Period, and its segments are pictures that can be decoded alone, at their times.");

    internal static readonly VerificationRule DashThumbnails = new(
        "dash-thumbnails", Severity.Error, "DASH-IF IOP §6.2.6",
        "Thumbnail tiles are JPEGs of the size that the MPD says.");

    // :: Both

    internal static readonly VerificationRule ManifestsAgree = new(
        "manifests-agree", Severity.Error, "ISO/IEC 23000-19 §7.3.4",
        "HLS and DASH cut the same file into the same segments, and say the same codec of it.");

    // :: The boxes

    internal static readonly VerificationRule IsoBox = new(
        "iso-box", Severity.Error, "ISO/IEC 14496-12 §4.2",
        "Every box is whole and can be read.");

    internal static readonly VerificationRule IsoInitialization = new(
        "iso-initialization", Severity.Error, "ISO/IEC 14496-12 §8.8, RFC 8216bis §3.1.2, ISO/IEC 23000-19 §7.3.1",
        "An initialization segment is ftyp and moov with mvex, without samples.");

    internal static readonly VerificationRule IsoCodec = new(
        "iso-codec", Severity.Warning, "RFC 6381 §3",
        "The sample entry is of a codec that this library reads, so that it can be held against the manifests.");

    internal static readonly VerificationRule IsoSegment = new(
        "iso-segment", Severity.Error, "ISO/IEC 14496-12 §8.16, RFC 8216bis §3.1.2",
        "A segment is whole fragments, each a moof and its mdat.");

    internal static readonly VerificationRule IsoTrackId = new(
        "iso-track-id", Severity.Error, "ISO/IEC 14496-12 §8.8.7",
        "Fragments are of tracks that the initialization segment has.");

    internal static readonly VerificationRule IsoBase = new(
        "iso-default-base-is-moof", Severity.Error, "ISO/IEC 23000-19 §7.5.16, RFC 8216bis §3.1.2",
        "Data offsets count from the moof.");

    internal static readonly VerificationRule IsoData = new(
        "iso-data", Severity.Error, "ISO/IEC 14496-12 §8.8.8",
        "The samples lie in the mdat of their fragment, one after another, and fill it.");

    internal static readonly VerificationRule IsoTfdt = new(
        "iso-tfdt", Severity.Error, "ISO/IEC 14496-12 §8.8.12, ISO/IEC 23000-19 §7.3.2.4",
        "Every fragment has a tfdt, and it is the end of the fragment before, in segments and between them.");

    internal static readonly VerificationRule IsoSequence = new(
        "iso-sequence-number", Severity.Warning, "ISO/IEC 14496-12 §8.8.5",
        "The fragments' sequence numbers rise.");

    internal static readonly VerificationRule IsoSync = new(
        "iso-sync", Severity.Error, "ISO/IEC 23000-19 §7.3.2.3, RFC 8216bis §6.2.1",
        "A segment of pictures begins with a stream access point of type 1: flagged as a sync sample, nothing of the segment shown before it.");

    internal static readonly VerificationRule IsoKeyPicture = new(
        "iso-key-picture", Severity.Error, "ISO/IEC 14496-15 §5.4, §8.4.3, AV1 in ISO BMFF §2.4",
        "What is flagged as the sync sample is an IDR, CRA or key frame in its own bytes.");

    internal static readonly VerificationRule IsoSidx = new(
        "iso-sidx", Severity.Error, "ISO/IEC 14496-12 §8.16.3",
        "A sidx names the sizes, times and access points that the fragments have, and leads to the end of the file.");

    internal static readonly VerificationRule IsoBrand = new(
        "cmaf-brand", Severity.Warning, "ISO/IEC 23000-19 §7.2",
        "The initialization segment has a CMAF brand.");

    internal static readonly VerificationRule CmafTrack = new(
        "cmaf-single-track", Severity.Warning, "ISO/IEC 23000-19 §7.3.1",
        "A file holds one track.");

    internal static readonly VerificationRule CmafEdit = new(
        "cmaf-edit-list", Severity.Warning, "ISO/IEC 23000-19 §7.5.13",
        "An edit list is one stretch at normal speed that only moves the start.");

    // :: Encryption

    internal static readonly VerificationRule EncryptionScheme = new(
        "encryption-scheme", Severity.Error, "ISO/IEC 23001-7 §4",
        "An encrypted sample entry names its scheme and its tenc; the scheme is cenc, cbc1, cens or cbcs.");

    internal static readonly VerificationRule EncryptionSamples = new(
        "encryption-samples", Severity.Error, "ISO/IEC 23001-7 §7",
        "senc, saiz and saio say of every sample what its bytes are, and agree.");

    internal static readonly VerificationRule EncryptionKeyId = new(
        "encryption-key-id", Severity.Error, "ISO/IEC 23001-7 §8.2, §11.2",
        "The key ids of tenc, pssh and the manifests agree.");

    internal static readonly VerificationRule EncryptionBlock = new(
        "encryption-aes-128", Severity.Error, "RFC 8216bis §4.4.4.4",
        "A segment of METHOD=AES-128 is whole blocks of 16 bytes, and with its key it decrypts to media.");

    // :: What grows: two readings of a manifest, held against each other by GrowthVerifier

    internal static readonly VerificationRule HlsGrowthHeader = new(
        "hls-growth-header", Severity.Error, "RFC 8216bis §4.4.3.1, §6.2.1",
        "The target duration and the other tags of a whole playlist do not change while it grows; EVENT that turns to VOD at its end is a warning.");

    internal static readonly VerificationRule HlsGrowthSegments = new(
        "hls-growth-segments", Severity.Error, "RFC 8216bis §4.4.3.5, §6.2.1, §6.2.2",
        "Segments are only added to the end of an EVENT playlist, none is another later, and the media sequence number stays.");

    internal static readonly VerificationRule HlsGrowthEnd = new(
        "hls-growth-end", Severity.Error, "RFC 8216bis §4.4.3.4, §6.2.1",
        "A playlist that grows ends with EXT-X-ENDLIST, and does not change after it.");

    internal static readonly VerificationRule DashGrowthClock = new(
        "dash-growth-clock", Severity.Error, "ISO/IEC 23009-1 §5.3.1.2, §5.4.1",
        "While an MPD is dynamic, @availabilityStartTime stays, and another MPD has a later @publishTime.");

    internal static readonly VerificationRule DashGrowthSegments = new(
        "dash-growth-segments", Severity.Error, "ISO/IEC 23009-1 §5.3.9.6, §5.4.1",
        "Representations stay in their period and adaptation set, and their timelines are only added to.");

    internal static readonly VerificationRule DashGrowthEnd = new(
        "dash-growth-end", Severity.Error, "ISO/IEC 23009-1 §5.3.1.2",
        "A dynamic MPD becomes static in the end, and stays so.");

    /// <summary>Every rule.</summary>
    public static ImmutableArray<VerificationRule> All { get; } =
    [
        SourceMissing, SourceOutside, SourceLimit, SourceEmpty, HlsText, HlsHeader, HlsKind, HlsTag, HlsAttributeList,
        HlsAttributeValue, HlsAttributeMissing, HlsAttributeForbidden, HlsVersion, HlsGroup, HlsGroupName, HlsGroupDefault,
        HlsGroupLanguage, HlsBandwidth, HlsAverageBandwidth, HlsBandwidthSame, HlsCodecs, HlsResolution, HlsFrameRate, HlsVideoRange,
        HlsChannels, HlsAlignment, HlsTargetDurationSame, HlsTotalDuration, HlsTargetDuration, HlsExtinf, HlsExtinfDrift, HlsMap,
        HlsIndependent, HlsEndList, HlsIFrameTag, HlsIFrameRange, HlsIFrameDuration, HlsKey, HlsWebVtt, HlsTimestampMap, DashXml,
        DashStructure, DashAttribute, DashUniqueId, DashProfile, DashDuration, DashTimeline, DashIndexRange, DashBandwidth,
        DashAlignment, DashStartWithSap, DashCodecs, DashMimeType, DashResolution, DashFrameRate, DashAudio, DashProtection,
        DashTrickMode, DashThumbnails, ManifestsAgree, IsoBox, IsoInitialization, IsoCodec, IsoSegment, IsoTrackId, IsoBase, IsoData, IsoTfdt,
        IsoSequence, IsoSync, IsoKeyPicture, IsoSidx, IsoBrand, CmafTrack, CmafEdit, EncryptionScheme, EncryptionSamples,
        EncryptionKeyId, EncryptionBlock, HlsGrowthHeader, HlsGrowthSegments, HlsGrowthEnd, DashGrowthClock, DashGrowthSegments, DashGrowthEnd,
    ];
}
