using Movento.Harness;
using Movento.Packager.Dash;
using Movento.Packager.Manifests;
using Movento.Packager.Presentations;
using Movento.Packager.Tests.Presentations;

namespace Movento.Packager.Tests.Dash;

public sealed class MediaPresentationDescriptionTests
{
    public static TheoryData<string> Films => ["film", "pictures", "sound", "hostile names", "unaligned", "rich", "two keys"];

    private static DeliveryHints Steered => new()
    {
        StartHeight = 720,
        HasIFrameSegments = true,
        Steering = new ContentSteering("https://a/steering.json", [new Pathway("a", "https://a/f/?x=1&y=2"), new Pathway("b", "https://b/f/")]),
    };

    [Fact]
    public void Mpd_WithHints_SaysWhereAndWhereToBegin()
    {
        var text = Samples.Text(output => MediaPresentationDescription.Write(output, Samples.Film(), hints: Steered));
        Assert.Contains(
            """
              <BaseURL serviceLocation="a">https://a/f/?x=1&amp;y=2</BaseURL>
              <BaseURL serviceLocation="b">https://b/f/</BaseURL>
              <ContentSteering defaultServiceLocation="a" queryBeforeStart="true">https://a/steering.json</ContentSteering>
              <Period id="0" start="PT0S">
            """.Replace("\r", "", StringComparison.Ordinal), text, StringComparison.Ordinal);
        Assert.Contains("<Representation id=\"v720\" bandwidth=\"1998002\" codecs=\"avc1.64001f\" width=\"1280\" height=\"720\" frameRate=\"30000/1001\" sar=\"1:1\" selectionPriority=\"2\">", text, StringComparison.Ordinal);
        Assert.Equal(1, text.Split("selectionPriority").Length - 1);
    }

    [Fact]
    public void Mpd_OfAFilm_IsTheGoldenOne() => Assert.Equal(
        """
        <?xml version="1.0" encoding="utf-8"?>
        <MPD xmlns="urn:mpeg:dash:schema:mpd:2011" type="static" profiles="urn:mpeg:dash:profile:isoff-on-demand:2011,urn:mpeg:dash:profile:cmaf:2019" minBufferTime="PT5S" mediaPresentationDuration="PT9.009343S">
          <Period id="0" start="PT0S">
            <AdaptationSet id="0" contentType="video" mimeType="video/mp4" segmentAlignment="true" subsegmentAlignment="true" startWithSAP="1" subsegmentStartsWithSAP="1">
              <Representation id="v720" bandwidth="1998002" codecs="avc1.64001f" width="1280" height="720" frameRate="30000/1001" sar="1:1">
                <BaseURL>v720.mp4</BaseURL>
                <SegmentBase timescale="30000" indexRange="800-867">
                  <Initialization range="0-799"/>
                </SegmentBase>
              </Representation>
            </AdaptationSet>
            <AdaptationSet id="1000" contentType="audio" mimeType="audio/mp4" lang="en" segmentAlignment="true" subsegmentAlignment="true" startWithSAP="1" subsegmentStartsWithSAP="1">
              <Label>English</Label>
              <Role schemeIdUri="urn:mpeg:dash:role:2011" value="main"/>
              <Representation id="a0" bandwidth="128198" codecs="mp4a.40.2" audioSamplingRate="44100">
                <AudioChannelConfiguration schemeIdUri="urn:mpeg:mpegB:cicp:ChannelConfiguration" value="2"/>
                <BaseURL>a0.mp4</BaseURL>
                <SegmentBase timescale="44100" indexRange="700-755">
                  <Initialization range="0-699"/>
                </SegmentBase>
              </Representation>
            </AdaptationSet>
          </Period>
        </MPD>

        """,
        Samples.Text(output => MediaPresentationDescription.Write(output, new Presentation { Renditions = [Samples.Video(), Samples.Audio()] })));

    [Fact]
    public void Mpd_WithIFrameSegments_HasATrickModeOfEachSetOfPictures()
    {
        AccessPoint[] points = [new(868, 9000, 0, 60060), new(200_868, 8000, 60060, 60060), new(400_868, 8500, 120120, 120120), new(600_868, 100, 240240, 30030)];
        var film = new Presentation
        {
            Renditions = [Samples.Video("v360", 640, 360) with { AccessPoints = [.. points] }, Samples.Video() with { Encryption = Samples.Encryption(), AccessPoints = [.. points] }, Samples.Audio()],
        };
        var text = Samples.Text(output => MediaPresentationDescription.Write(output, film, SegmentAddressing.Segments, hints: new DeliveryHints { HasIFrameSegments = true }));
        Assert.Contains(
            """
                <AdaptationSet id="4000" contentType="video" mimeType="video/mp4" startWithSAP="1" codingDependency="false">
                  <EssentialProperty schemeIdUri="http://dashif.org/guidelines/trickmode" value="0"/>
                  <Representation id="v360+iframes" bandwidth="35965" codecs="avc1.64001f" width="640" height="360" maxPlayoutRate="32">
                    <SegmentTemplate timescale="30000" initialization="v360/init.mp4" media="v360/iframes/$Number$.m4s" startNumber="1">
                      <SegmentTimeline>
                        <S t="0" d="60060" r="1"/>
                        <S d="120120"/>
                        <S d="30030"/>
                      </SegmentTimeline>
                    </SegmentTemplate>
                  </Representation>
                </AdaptationSet>
              </Period>
            """.Replace("\r", "", StringComparison.Ordinal), text, StringComparison.Ordinal);
        // Not of the encrypted rung, nowhere without the hint, and not over byte ranges.
        Assert.Equal(1, text.Split("trickmode").Length - 1);
        Assert.DoesNotContain("trickmode", Samples.Text(output => MediaPresentationDescription.Write(output, film, SegmentAddressing.Segments)), StringComparison.Ordinal);
        Assert.DoesNotContain("trickmode", Samples.Text(output => MediaPresentationDescription.Write(output, film, hints: new DeliveryHints { HasIFrameSegments = true })), StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Films))]
    public async Task Mpd_OfAnyFilm_IsValidBySchema(string name)
    {
        using var folder = new TemporaryFolder();
        var path = folder.Combine("manifest.mpd");
        var schema = Repository.Combine("tests", "Packager", "schema", "on-demand.xsd");
        foreach (var (addressing, hints) in Enum.GetValues<SegmentAddressing>().SelectMany(addressing => new[] { (addressing, (DeliveryHints?)null), (addressing, Steered) }))
        {
            await File.WriteAllTextAsync(path, Samples.Text(output => MediaPresentationDescription.Write(output, Film(name), addressing, "https://host/token/license?a=1&b=2", hints)));
            var result = await Tool.RunAsync("xmllint", "--nonet", "--noout", "--schema", schema, path);
            Assert.True(result.ExitCode == 0, $"{addressing}: {result.Errors}");
        }
    }

    [Fact]
    public void Mpd_OfEveryKind_IsTheGoldenOne() => Assert.Equal(
        """
        <?xml version="1.0" encoding="utf-8"?>
        <MPD xmlns="urn:mpeg:dash:schema:mpd:2011" xmlns:cenc="urn:mpeg:cenc:2013" xmlns:dashif="https://dashif.org/CPS" type="static" profiles="urn:mpeg:dash:profile:isoff-live:2011,urn:mpeg:dash:profile:cmaf:2019" minBufferTime="PT5S" mediaPresentationDuration="PT9.009343S">
          <Period id="0" start="PT0S">
            <AdaptationSet id="0" contentType="video" mimeType="video/mp4" segmentAlignment="true" startWithSAP="1">
              <ContentProtection schemeIdUri="urn:mpeg:dash:mp4protection:2011" value="cbcs" cenc:default_KID="01234567-89ab-cdef-0123-456789abcdef"/>
              <ContentProtection schemeIdUri="urn:uuid:00010203-0405-0607-0809-0a0b0c0d0e0f"><cenc:pssh>AAAAIHBzc2gAAAAAAAECAwQFBgcICQoLDA0ODwAAAAA=</cenc:pssh></ContentProtection>
              <Representation id="v360" bandwidth="799201" codecs="avc1.64001f" width="640" height="360" frameRate="30000/1001" sar="1:1">
                <SegmentTemplate timescale="30000" initialization="$RepresentationID$/init.mp4" media="$RepresentationID$/$Number$.m4s" startNumber="1">
                  <SegmentTimeline>
                    <S t="0" d="120120" r="1"/>
                    <S d="30030"/>
                  </SegmentTimeline>
                </SegmentTemplate>
              </Representation>
            </AdaptationSet>
            <AdaptationSet id="1" contentType="video" mimeType="video/mp4" segmentAlignment="true" startWithSAP="1">
              <Representation id="v720" bandwidth="1998002" codecs="avc1.64001f" width="1280" height="720" frameRate="30000/1001" sar="1:1">
                <SegmentTemplate timescale="30000" initialization="$RepresentationID$/init.mp4" media="$RepresentationID$/$Number$.m4s" startNumber="1">
                  <SegmentTimeline>
                    <S t="0" d="120120" r="1"/>
                    <S d="30030"/>
                  </SegmentTimeline>
                </SegmentTemplate>
              </Representation>
            </AdaptationSet>
            <AdaptationSet id="1000" contentType="audio" mimeType="audio/mp4" lang="en" segmentAlignment="true" startWithSAP="1">
              <Label>English</Label>
              <Role schemeIdUri="urn:mpeg:dash:role:2011" value="main"/>
              <Representation id="a0" bandwidth="128198" codecs="mp4a.40.2" audioSamplingRate="44100">
                <AudioChannelConfiguration schemeIdUri="urn:mpeg:mpegB:cicp:ChannelConfiguration" value="2"/>
                <SegmentTemplate timescale="44100" initialization="$RepresentationID$/init.mp4" media="$RepresentationID$/$Number$.m4s" startNumber="1">
                  <SegmentTimeline>
                    <S t="0" d="177152"/>
                    <S d="220160"/>
                  </SegmentTimeline>
                </SegmentTemplate>
              </Representation>
            </AdaptationSet>
            <AdaptationSet id="1001" contentType="audio" mimeType="audio/mp4" lang="de" segmentAlignment="true" startWithSAP="1">
              <SupplementalProperty schemeIdUri="tag:dolby.com,2018:dash:EC3_ExtensionType:2018" value="JOC"/>
              <SupplementalProperty schemeIdUri="tag:dolby.com,2018:dash:EC3_ExtensionComplexityIndex:2018" value="16"/>
              <Label>Deutsch</Label>
              <Accessibility schemeIdUri="urn:mpeg:dash:role:2011" value="description"/>
              <Role schemeIdUri="urn:mpeg:dash:role:2011" value="description"/>
              <Representation id="a1" bandwidth="128198" codecs="mp4a.40.2" audioSamplingRate="48000">
                <AudioChannelConfiguration schemeIdUri="urn:mpeg:mpegB:cicp:ChannelConfiguration" value="6"/>
                <SegmentTemplate timescale="44100" initialization="$RepresentationID$/init.mp4" media="$RepresentationID$/$Number$.m4s" startNumber="1">
                  <SegmentTimeline>
                    <S t="0" d="177152"/>
                    <S d="220160"/>
                  </SegmentTimeline>
                </SegmentTemplate>
              </Representation>
            </AdaptationSet>
            <AdaptationSet id="2000" contentType="text" mimeType="application/mp4" lang="en" segmentAlignment="true" startWithSAP="1">
              <Role schemeIdUri="urn:mpeg:dash:role:2011" value="subtitle"/>
              <Representation id="s0" bandwidth="672" codecs="wvtt">
                <SegmentTemplate timescale="1000" initialization="$RepresentationID$/init.mp4" media="$RepresentationID$/$Number$.m4s" startNumber="1">
                  <SegmentTimeline>
                    <S t="0" d="4004" r="1"/>
                    <S d="1001"/>
                  </SegmentTimeline>
                </SegmentTemplate>
              </Representation>
            </AdaptationSet>
            <AdaptationSet id="2001" contentType="text" mimeType="application/mp4" lang="de" segmentAlignment="true" startWithSAP="1">
              <Role schemeIdUri="urn:mpeg:dash:role:2011" value="forced-subtitle"/>
              <Representation id="s1" bandwidth="672" codecs="wvtt">
                <SegmentTemplate timescale="1000" initialization="$RepresentationID$/init.mp4" media="$RepresentationID$/$Number$.m4s" startNumber="1">
                  <SegmentTimeline>
                    <S t="0" d="4004" r="1"/>
                    <S d="1001"/>
                  </SegmentTimeline>
                </SegmentTemplate>
              </Representation>
            </AdaptationSet>
            <AdaptationSet id="3000" contentType="image" mimeType="image/jpeg">
              <SegmentTemplate media="../thumbnails/$Number$.jpg" duration="40000" timescale="1000" startNumber="1"/>
              <Representation id="thumbnails" bandwidth="6000" width="800" height="360">
                <EssentialProperty schemeIdUri="http://dashif.org/guidelines/thumbnail_tile" value="5x4"/>
              </Representation>
            </AdaptationSet>
          </Period>
        </MPD>

        """,
        Samples.Text(output => MediaPresentationDescription.Write(output, Samples.RichFilm(), SegmentAddressing.Segments)));

    [Fact]
    public void Protection_WithOneKeyForAll_StandsInTheSet()
    {
        var one = Samples.Encryption() with { SystemHeaders = [Samples.CommonHeader] };
        var text = Samples.Text(output => MediaPresentationDescription.Write(
            output, new Presentation { Renditions = [Samples.Video("v360") with { Encryption = one }, Samples.Video() with { Encryption = one }] }, licenseUrl: "https://host/license"));
        Assert.Equal(2, text.Split("<ContentProtection ").Length - 1);
        Assert.Contains("\n      <ContentProtection schemeIdUri=\"urn:mpeg:dash:mp4protection:2011\" value=\"cbcs\" cenc:default_KID=\"01234567-89ab-cdef-0123-456789abcdef\"/>", text, StringComparison.Ordinal);
        Assert.Contains("schemeIdUri=\"urn:uuid:e2719d58-a985-b3c9-781a-b030af78d30e\" value=\"ClearKey1.0\"><dashif:Laurl", text, StringComparison.Ordinal);
        Assert.Contains("<dashif:Laurl licenseType=\"EME-1.0\">https://host/license</dashif:Laurl>", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Protection_OfWholeSegments_IsNotForDash() =>
        Assert.DoesNotContain("audio/mp4", Samples.Text(output => MediaPresentationDescription.Write(output, Film("two keys"))), StringComparison.Ordinal);

    [Fact]
    public async Task Schema_ForAnInvalidMpd_SaysNo()
    {
        using var folder = new TemporaryFolder();
        var path = folder.Combine("manifest.mpd");
        var text = Samples.Text(output => MediaPresentationDescription.Write(output, Film("film")));
        await File.WriteAllTextAsync(path, text.Replace("bandwidth=\"", "bandwith=\"", StringComparison.Ordinal));
        var schema = Repository.Combine("tests", "Packager", "schema", "on-demand.xsd");
        Assert.NotEqual(0, (await Tool.RunAsync("xmllint", "--nonet", "--noout", "--schema", schema, path)).ExitCode);
    }

    [Fact]
    public void Rungs_CutAtOtherTimes_AreNotCalledAligned()
    {
        Assert.DoesNotContain("egmentAlignment", Samples.Text(output => MediaPresentationDescription.Write(output, Film("unaligned"))), StringComparison.Ordinal);
        Assert.Contains("subsegmentAlignment=\"true\"", Samples.Text(output => MediaPresentationDescription.Write(output, Film("film"))), StringComparison.Ordinal);
    }

    private static Presentation Film(string name) => name switch
    {
        "film" => Samples.Film(),
        "pictures" => new Presentation { Renditions = [Samples.Video()] },
        "rich" => Samples.RichFilm(),
        "two keys" => new Presentation
        {
            Renditions =
            [
                Samples.Video("v360") with { Encryption = Samples.Encryption() with { SystemHeaders = [Samples.CommonHeader, Samples.PlayReadyHeader] } },
                Samples.Video() with { Encryption = Samples.Encryption() with { Periods = [new KeyPeriod(0, 5, 6)], SystemHeaders = [Samples.CommonHeader] } },
                Samples.Audio() with { Video = null, Encryption = Samples.Encryption(EncryptionScheme.Aes128) },
            ],
        },
        "sound" => new Presentation { Renditions = [Samples.Audio()] },
        "hostile names" => new Presentation { Renditions = [Samples.Video(), Samples.Audio(name: "</Label><x a=\"&\u0000\u001b\uFFFF 🎬", language: "en")] },
        _ => new Presentation { Renditions = [Samples.Video("v360"), Samples.Video() with { Segments = [new Segment(868, 1000, 0, 60060)] }] },
    };
}
