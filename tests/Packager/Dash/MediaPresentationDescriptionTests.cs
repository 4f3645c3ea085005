using Movento.Harness;
using Movento.Packager.Dash;
using Movento.Packager.Presentations;
using Movento.Packager.Tests.Presentations;

namespace Movento.Packager.Tests.Dash;

public sealed class MediaPresentationDescriptionTests
{
    public static TheoryData<string> Films => ["film", "pictures", "sound", "hostile names", "unaligned"];

    [Fact]
    public void Mpd_OfAFilm_IsTheGoldenOne() => Assert.Equal(
        """
        <?xml version="1.0" encoding="utf-8"?>
        <MPD xmlns="urn:mpeg:dash:schema:mpd:2011" type="static" profiles="urn:mpeg:dash:profile:isoff-on-demand:2011,urn:mpeg:dash:profile:cmaf:2019" minBufferTime="PT2S" mediaPresentationDuration="PT9.009343S">
          <Period id="0" start="PT0S">
            <AdaptationSet id="0" contentType="video" mimeType="video/mp4" segmentAlignment="true" subsegmentAlignment="true" startWithSAP="1" subsegmentStartsWithSAP="1">
              <Representation id="v720" bandwidth="1998002" codecs="avc1.64001f" width="1280" height="720" frameRate="30000/1001" sar="1:1">
                <BaseURL>v720.mp4</BaseURL>
                <SegmentBase timescale="30000" indexRange="800-867">
                  <Initialization range="0-799"/>
                </SegmentBase>
              </Representation>
            </AdaptationSet>
            <AdaptationSet id="1" contentType="audio" mimeType="audio/mp4" lang="en" segmentAlignment="true" subsegmentAlignment="true" startWithSAP="1" subsegmentStartsWithSAP="1">
              <Label>English</Label>
              <Role schemeIdUri="urn:mpeg:dash:role:2011" value="main"/>
              <Representation id="a0" bandwidth="128198" codecs="mp4a.40.2" audioSamplingRate="44100">
                <AudioChannelConfiguration schemeIdUri="urn:mpeg:dash:23003:3:audio_channel_configuration:2011" value="2"/>
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

    [Theory]
    [MemberData(nameof(Films))]
    public async Task Mpd_OfAnyFilm_IsValidBySchema(string name)
    {
        using var folder = new TemporaryFolder();
        var path = folder.Combine("manifest.mpd");
        await File.WriteAllTextAsync(path, Samples.Text(output => MediaPresentationDescription.Write(output, Film(name))));
        var schema = Repository.Combine("tests", "Packager", "schema", "on-demand.xsd");
        var result = await Tool.RunAsync("xmllint", "--nonet", "--noout", "--schema", schema, path);
        Assert.True(result.ExitCode == 0, result.Errors);
    }

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
        "sound" => new Presentation { Renditions = [Samples.Audio()] },
        "hostile names" => new Presentation { Renditions = [Samples.Video(), Samples.Audio(name: "</Label><x a=\"&\u0000\u001b\uFFFF 🎬", language: "en")] },
        _ => new Presentation { Renditions = [Samples.Video("v360"), Samples.Video() with { Segments = [new Segment(868, 1000, 0, 60060)] }] },
    };
}
