using System.Text.RegularExpressions;
using Movento.Packager.Verification;
using static Movento.Packager.Tests.Verification.MutatedSource;

namespace Movento.Packager.Tests.Verification;

/// <summary>One thing broken at a time in a presentation that is good, and each found by the rule that is about it.</summary>
public sealed partial class MutationTests(LadderFilm film) : IClassFixture<LadderFilm>
{
    private const string Master = "master.m3u8", Low = "low.m3u8", High = "high.m3u8", IFrames = "low.iframes.m3u8", Mpd = "manifest.mpd", Templates = "segments/manifest.mpd";

    private static readonly Dictionary<string, (string Rule, Action<MutatedSource> Break)> Mutations = new()
    {
        // :: Texts of HLS
        ["no EXTM3U"] = ("hls-header", source => source.Replace(Low, "#EXTM3U\n", "")),
        ["a byte order mark"] = ("hls-text", source => source.Rewrite(Low, text => "\uFEFF" + text)),
        ["a media tag in the multivariant playlist"] = ("hls-kind", source => source.Rewrite(Master, text => text + "#EXT-X-TARGETDURATION:4\n")),
        ["no EXTINF"] = ("hls-tag", source => source.Rewrite(Low, text => FirstExtinf().Replace(text, "", 1))),
        ["no EXT-X-TARGETDURATION"] = ("hls-tag", source => source.Replace(Low, "#EXT-X-TARGETDURATION:4\n", "")),
        ["a space in an attribute list"] = ("hls-attribute-list", source => source.Replace(Master, ",CODECS=", ", CODECS=")),
        ["an attribute twice"] = ("hls-attribute-list", source => source.Replace(Master, ",FRAME-RATE=25.000", ",FRAME-RATE=25.000,FRAME-RATE=25.000")),
        ["FRAME-RATE in quotes"] = ("hls-attribute-value", source => source.Replace(Master, "FRAME-RATE=25.000", "FRAME-RATE=\"25.000\"")),
        ["an unknown VIDEO-RANGE"] = ("hls-attribute-value", source => source.Replace(Master, "VIDEO-RANGE=SDR", "VIDEO-RANGE=HDR")),
        ["no BANDWIDTH"] = ("hls-attribute-missing", source => source.Rewrite(Master, text => FirstBandwidth().Replace(text, "", 1))),
        ["FRAME-RATE of an I-frame variant"] = ("hls-attribute-forbidden", source => source.Replace(Master, "#EXT-X-I-FRAME-STREAM-INF:", "#EXT-X-I-FRAME-STREAM-INF:FRAME-RATE=25.000,")),
        ["AUDIO of an I-frame variant"] = ("hls-attribute-forbidden", source => source.Replace(Master, "#EXT-X-I-FRAME-STREAM-INF:", "#EXT-X-I-FRAME-STREAM-INF:AUDIO=\"a\",")),
        ["EXT-X-MAP in version 5"] = ("hls-version", source => source.Replace(Low, "#EXT-X-VERSION:6", "#EXT-X-VERSION:5")),
        ["an address above the root"] = ("source-outside", source => source.Replace(Low, "\nlow.mp4", "\n../low.mp4")),
        ["an address on another host"] = ("source-outside", source => source.Replace(Low, "\nlow.mp4", "\nhttp://example.com/low.mp4")),

        // :: What the multivariant playlist says
        ["a group that is not there"] = ("hls-group", source => source.Rewrite(Master, text => AudioGroup().Replace(text, ",AUDIO=\"other\"", 1))),
        ["a name twice in a group"] = ("hls-group-name", source => source.Rewrite(Master, text => MediaTag().Replace(text, "$0\n$0", 1))),
        ["two defaults in a group"] = ("hls-group-default", source => source.Rewrite(Master, text => MediaTag().Replace(text, "$0\n$0", 1))),
        ["a default that is not selected"] = ("hls-group-default", source => source.Replace(Master, "DEFAULT=YES,AUTOSELECT=YES", "DEFAULT=YES,AUTOSELECT=NO")),
        ["forced sound"] = ("hls-group-default", source => source.Replace(Master, "AUTOSELECT=YES", "AUTOSELECT=YES,FORCED=YES")),
        ["BANDWIDTH a half"] = ("hls-bandwidth", source => source.Rewrite(Master, text => FirstBandwidth().Replace(text, match => $"BANDWIDTH={long.Parse(match.Groups[1].Value) / 2},", 1))),
        ["AVERAGE-BANDWIDTH doubled"] = ("hls-average-bandwidth", source => source.Rewrite(Master, text => Average().Replace(text, match => $"AVERAGE-BANDWIDTH={long.Parse(match.Groups[1].Value) * 2}", 1))),
        ["one BANDWIDTH for every rung"] = ("hls-bandwidth-same", source => source.Rewrite(Master, text => FirstBandwidth().Replace(text, "BANDWIDTH=2000000,"))),
        ["rungs swapped"] = ("hls-resolution", source => source.Rewrite(Master, text => text.Replace("\nlow.m3u8", "\nX", StringComparison.Ordinal).Replace("\nhigh.m3u8", "\nlow.m3u8", StringComparison.Ordinal).Replace("\nX", "\nhigh.m3u8", StringComparison.Ordinal))),
        ["another profile in CODECS"] = ("hls-codecs", source => source.Replace(Master, "avc1.64000d", "avc1.42000d")),
        ["no sound in CODECS"] = ("hls-codecs", source => source.Replace(Master, ",mp4a.40.2\"", "\"")),
        ["30 for FRAME-RATE"] = ("hls-frame-rate", source => source.Replace(Master, "FRAME-RATE=25.000", "FRAME-RATE=30.000")),
        ["PQ that is not"] = ("hls-video-range", source => source.Replace(Master, "VIDEO-RANGE=SDR", "VIDEO-RANGE=PQ")),
        ["six channels that are two"] = ("hls-channels", source => source.Replace(Master, "CHANNELS=\"2\"", "CHANNELS=\"6\"")),

        // :: What the media playlists say
        ["TARGETDURATION too low"] = ("hls-target-duration", source => source.Replace(Low, "TARGETDURATION:4", "TARGETDURATION:3")),
        ["EXTINF 10 % longer"] = ("hls-extinf", source => source.Replace(Low, "#EXTINF:4.000", "#EXTINF:4.400")),
        ["EXTINFs that drift"] = ("hls-extinf-drift", source => source.Rewrite(Low, text => text.Replace("#EXTINF:4.000", "#EXTINF:4.045", StringComparison.Ordinal))),
        ["no EXT-X-MAP"] = ("hls-map", source => source.Rewrite(Low, text => MapTag().Replace(text, ""))),
        ["no EXT-X-ENDLIST"] = ("hls-end-list", source => source.Replace(Low, "#EXT-X-ENDLIST\n", "")),
        ["a key that nobody needs"] = ("hls-key", source => source.Replace(Low, "#EXT-X-MAP", "#EXT-X-KEY:METHOD=SAMPLE-AES,URI=\"key\"\n#EXT-X-MAP")),
        ["AES-128 of odd bytes"] = ("encryption-aes-128", source => source.Replace(Low, "#EXT-X-MAP", "#EXT-X-KEY:METHOD=AES-128,URI=\"key\"\n#EXT-X-MAP")),
        ["the last segment left out"] = ("hls-total-duration", source => source.Rewrite(Low, text => LastSegment().Replace(text, "#EXT-X-ENDLIST"))),
        ["HLS and DASH disagree"] = ("manifests-agree", source => source.Rewrite(Low, text => LastSegment().Replace(text, "#EXT-X-ENDLIST"))),
        ["a byte range past the end"] = ("source-missing", source => source.Rewrite(Low, text => LastRange().Replace(text, match => $"#EXT-X-BYTERANGE:{long.Parse(match.Groups[1].Value) + 1}@$2".Replace("$2", match.Groups[2].Value, StringComparison.Ordinal), 1))),
        ["a byte range off by one"] = ("iso-box", source => source.Rewrite(High, text => LastRange().Replace(text, match => $"#EXT-X-BYTERANGE:{long.Parse(match.Groups[1].Value) - 1}@{long.Parse(match.Groups[2].Value) + 1}", 1))),
        ["I-frames without their tag"] = ("hls-iframe-tag", source => source.Replace(IFrames, "#EXT-X-I-FRAMES-ONLY\n", "")),
        ["an I-frame that is the moov"] = ("hls-iframe-range", source => source.Rewrite(IFrames, text => FirstRange().Replace(text, "#EXT-X-BYTERANGE:9000@0", 1))),
        ["an I-frame cut short"] = ("hls-iframe-range", source => source.Rewrite(IFrames, text => FirstRange().Replace(text, match => $"#EXT-X-BYTERANGE:{long.Parse(match.Groups[1].Value) - 1}@{match.Groups[2].Value}", 1))),
        ["an I-frame that lasts too long"] = ("hls-iframe-duration", source => source.Replace(IFrames, "#EXTINF:2.000", "#EXTINF:2.200")),

        // :: Bytes
        ["a sample a byte larger"] = ("iso-data", source => source.Change("low.mp4", "trun", 0, body => Add(body, 16, 1))),
        ["a data offset four bytes on"] = ("iso-data", source => source.Change("low.mp4", "trun", 1, body => Add(body, 8, 4))),
        ["a gap in the decode times"] = ("iso-tfdt", source => source.Change("low.mp4", "tfdt", 1, body => Add(body, 8, 512))),
        ["an overlap between segments"] = ("iso-tfdt", source => source.Change("low.mp4", "tfdt", 2, body => Add(body, 8, -512))),
        ["no tfdt"] = ("iso-tfdt", source => source.ChangeHeader("low.mp4", "tfdt", 1, header => "free"u8.CopyTo(header[4..]))),
        ["a first sample that is no sync sample"] = ("iso-sync", source => source.Change("low.mp4", "trun", 0, body => body[13] |= 1)),
        ["independent segments that are not"] = ("hls-independent", source => source.Change("low.mp4", "trun", 2, body => body[13] |= 1)),
        ["startWithSAP that is not"] = ("dash-start-with-sap", source => source.Change("low.mp4", "trun", 2, body => body[13] |= 1)),
        ["a sync sample that is no IDR picture"] = ("iso-key-picture", ChangeIdr),
        ["a sequence number again"] = ("iso-sequence-number", source => source.Change("low.mp4", "mfhd", 1, body => Add(body, 4, -1))),
        ["no default-base-is-moof"] = ("iso-default-base-is-moof", source => source.Change("low.mp4", "tfhd", 0, body => body[1] = 0)),
        ["a fragment of another track"] = ("iso-track-id", source => source.Change("low.mp4", "tfhd", 0, body => Add(body, 4, 1))),
        ["a box that is too long"] = ("iso-box", source => source.ChangeHeader("low.mp4", "traf", 0, header => Add(header, 0, 4000))),
        ["no mdat"] = ("iso-segment", source => source.ChangeHeader("low.mp4", "mdat", 1, header => "free"u8.CopyTo(header[4..]))),
        ["a file cut off"] = ("source-missing", source => source.Truncate("low.mp4", 1000)),
        ["a level that CODECS does not say"] = ("hls-codecs", source => source.Change("low.mp4", "avcC", 0, body => body[3]++)),
        ["a level that @codecs does not say"] = ("dash-codecs", source => source.Change("low.mp4", "avcC", 0, body => body[3]++)),
        ["no moov"] = ("iso-initialization", source => source.ChangeHeader("low.mp4", "moov", 0, header => "free"u8.CopyTo(header[4..]))),
        ["no trex"] = ("iso-initialization", source => source.ChangeHeader("low.mp4", "trex", 0, header => "free"u8.CopyTo(header[4..]))),
        ["no CMAF brand"] = ("cmaf-brand", source => source.Change("low.mp4", "ftyp", 0, body => { "isom"u8.CopyTo(body); body[..64].Replace((byte)'c', (byte)'x'); })),
        ["an index off by one"] = ("iso-sidx", source => source.Change("low.mp4", "sidx", 0, body => Add(body, 32, -1))),
        ["an index with another duration"] = ("iso-sidx", source => source.Change("low.mp4", "sidx", 0, body => Add(body, 36, 512))),
        ["an index that begins elsewhere"] = ("iso-sidx", source => source.Change("low.mp4", "sidx", 0, body => Add(body, 16, 512))),

        // :: DASH
        ["a document type"] = ("dash-xml", source => source.Replace(Mpd, "<MPD", "<!DOCTYPE MPD [<!ENTITY a \"b\">]><MPD")),
        ["an element that is not closed"] = ("dash-xml", source => source.Replace(Mpd, "</Period>", "")),
        ["children in another order"] = ("dash-structure", source => source.Rewrite(Mpd, text => BaseAddress().Replace(text, "$2$1", 1))),
        ["no @profiles"] = ("dash-attribute", source => source.Rewrite(Mpd, text => Profiles().Replace(text, " "))),
        ["no @bandwidth"] = ("dash-attribute", source => source.Rewrite(Mpd, text => DashRate().Replace(text, "", 1))),
        ["an id twice"] = ("dash-unique-id", source => source.Replace(Mpd, "Representation id=\"high\"", "Representation id=\"low\"")),
        ["on-demand that is not"] = ("dash-profile", source => source.Replace(Templates, "profile:isoff-live:2011", "profile:isoff-on-demand:2011")),
        ["a longer mediaPresentationDuration"] = ("dash-duration", source => source.Replace(Mpd, "mediaPresentationDuration=\"PT12", "mediaPresentationDuration=\"PT22")),
        ["an index range off by one"] = ("dash-index-range", source => source.Rewrite(Mpd, text => IndexRange().Replace(text, match => $"indexRange=\"{match.Groups[1].Value}-{long.Parse(match.Groups[2].Value) + 1}\"", 1))),
        ["@bandwidth a half"] = ("dash-bandwidth", source => source.Rewrite(Mpd, text => DashRate().Replace(text, match => $" bandwidth=\"{long.Parse(match.Groups[1].Value) / 2}\"", 1))),
        ["another @codecs"] = ("dash-codecs", source => source.Replace(Mpd, "avc1.64000d", "hvc1.1.6.L93.B0")),
        ["another @width"] = ("dash-resolution", source => source.Replace(Mpd, "width=\"320\"", "width=\"322\"")),
        ["another @frameRate"] = ("dash-frame-rate", source => source.Replace(Mpd, "frameRate=\"25\"", "frameRate=\"50\"")),
        ["another @audioSamplingRate"] = ("dash-audio", source => source.Replace(Mpd, "audioSamplingRate=\"48000\"", "audioSamplingRate=\"44100\"")),
        ["other channels in the MPD"] = ("dash-audio", source => source.Replace(Mpd, "ChannelConfiguration\" value=\"2\"", "ChannelConfiguration\" value=\"6\"")),
        ["another @mimeType"] = ("dash-mime-type", source => source.Replace(Mpd, "mimeType=\"audio/mp4\"", "mimeType=\"video/mp4\"")),
        ["ContentProtection of clear bytes"] = ("dash-content-protection", source => source.Rewrite(Mpd, text => AdaptationSet().Replace(text, "$0<ContentProtection schemeIdUri=\"urn:mpeg:dash:mp4protection:2011\" value=\"cenc\"/>", 1))),
        ["a timeline that is late"] = ("dash-timeline", source => source.Rewrite(Templates, text => TimelineEntry().Replace(text, match => $"d=\"{long.Parse(match.Groups[1].Value) + 5000}\"", 1))),
        ["a trick mode of no set"] = ("dash-trick-mode", source => source.Replace(Templates, "trickmode\" value=\"0\"", "trickmode\" value=\"7\"")),
        ["a trick mode of itself"] = ("dash-trick-mode", source => source.Replace(Templates, "trickmode\" value=\"0\"", "trickmode\" value=\"4000\"")),
        ["a trick mode of whole segments"] = ("dash-trick-mode", source => source.Replace(Templates, "low/iframes/$Number$", "low/$Number$")),
        ["a trick mode's picture that lasts too long"] = ("dash-trick-mode", source => source.Rewrite(
            Templates, text => TimelineEntry().Replace(text, match => $"d=\"{long.Parse(match.Groups[1].Value) + 5000}\"", 1, text.IndexOf("trickmode", StringComparison.Ordinal)))),
        ["a segment that is not there"] = ("source-missing", source => source.Replace(Templates, ".m4s\"", ".m5s\"")),
    };

    public static TheoryData<string> Names => [.. Mutations.Keys];

    [Fact]
    public async Task Good_Unbroken_HasNoFinding() =>
        Assert.Empty((await PresentationVerifier.VerifyAsync(film.Source(film.Good))).Findings.Select(finding => finding.ToString()));

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Good_WithOneThingBroken_IsFoundByItsRule(string mutation)
    {
        var (rule, @break) = Mutations[mutation];
        var source = new MutatedSource(film.Source(film.Good));
        @break(source);
        var report = await PresentationVerifier.VerifyAsync(source);
        Assert.True(report.Findings.Any(finding => finding.Rule.Id == rule), $"{mutation}: {rule} is not among\n{string.Join('\n', report.Findings)}");
        Assert.Equal(VerificationRule.All.Single(known => known.Id == rule).Severity == Severity.Error, report.HasErrors);
    }

    [Fact]
    public async Task Rungs_NotAligned_AreFoundInHls()
    {
        var report = await PresentationVerifier.VerifyAsync(film.Source(film.Unaligned));
        Assert.Contains(report.Findings, finding => finding.Rule.Id == "hls-alignment");
    }

    [Fact]
    public async Task Rungs_NotAlignedAndSaidToBe_AreFoundInDash()
    {
        var source = new MutatedSource(film.Source(film.Unaligned));
        source.Rewrite(Mpd, text => text.Contains("lignment=\"true\"", StringComparison.Ordinal) && VideoAdaptationSet().Match(text).Value.Contains("lignment=\"true\"", StringComparison.Ordinal)
            ? text : text.Replace("contentType=\"video\"", "contentType=\"video\" subsegmentAlignment=\"true\"", StringComparison.Ordinal));
        var report = await PresentationVerifier.VerifyAsync(source, new VerificationOptions { Manifests = [Mpd] });
        Assert.Contains(report.Findings, finding => finding.Rule.Id == "dash-alignment");
    }

    // The first slice of an IDR picture (NAL unit type 5) behind the first mdat becomes one of another picture (type 1).
    private static void ChangeIdr(MutatedSource source) => source.Change("low.mp4", "mdat", 0, data =>
    {
        var at = 0;
        while ((data[at + 4] & 0x1f) != 5)
            at += 4 + System.Buffers.Binary.BinaryPrimitives.ReadInt32BigEndian(data[at..]);
        data[at + 4] = (byte)(data[at + 4] & 0xe0 | 1);
    });

    [GeneratedRegex("#EXTINF:[^\n]*\n")]
    private static partial Regex FirstExtinf();

    [GeneratedRegex("(?<!-)BANDWIDTH=([0-9]+),")]
    private static partial Regex FirstBandwidth();

    [GeneratedRegex("AVERAGE-BANDWIDTH=([0-9]+)")]
    private static partial Regex Average();

    [GeneratedRegex(",AUDIO=\"[^\"]*\"")]
    private static partial Regex AudioGroup();

    [GeneratedRegex("#EXT-X-MEDIA:[^\n]*")]
    private static partial Regex MediaTag();

    [GeneratedRegex("#EXT-X-MAP:[^\n]*\n")]
    private static partial Regex MapTag();

    [GeneratedRegex("#EXTINF:[^\n]*\n#EXT-X-BYTERANGE:[^\n]*\n[^\n]*\n#EXT-X-ENDLIST")]
    private static partial Regex LastSegment();

    [GeneratedRegex("#EXT-X-BYTERANGE:([0-9]+)@([0-9]+)(?=\n[^\n]*\n#EXT-X-ENDLIST)")]
    private static partial Regex LastRange();

    [GeneratedRegex("#EXT-X-BYTERANGE:([0-9]+)@([0-9]+)")]
    private static partial Regex FirstRange();

    [GeneratedRegex("(<BaseURL>[^<]*</BaseURL>\\s*)(<SegmentBase.*?</SegmentBase>)", RegexOptions.Singleline)]
    private static partial Regex BaseAddress();

    [GeneratedRegex(" profiles=\"[^\"]*\"")]
    private static partial Regex Profiles();

    [GeneratedRegex(" bandwidth=\"([0-9]+)\"")]
    private static partial Regex DashRate();

    [GeneratedRegex("indexRange=\"([0-9]+)-([0-9]+)\"")]
    private static partial Regex IndexRange();

    [GeneratedRegex("<AdaptationSet[^>]*>")]
    private static partial Regex AdaptationSet();

    [GeneratedRegex("<AdaptationSet[^>]*contentType=\"video\"[^>]*>")]
    private static partial Regex VideoAdaptationSet();

    [GeneratedRegex("(?<= )d=\"([0-9]+)\"")]
    private static partial Regex TimelineEntry();
}
