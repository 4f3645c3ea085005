using Movento.Ingest.Encode;
using Movento.Ingest.Ladder;
using Movento.Ingest.Probe;
using Movento.Ingest.Tests.Running;
using Movento.Packager.Presentations;
using Movento.Servers;

namespace Movento.Ingest.Tests.Encode;

public sealed class SoundPassThroughTests(PostgresFixture postgres) : EmptyDatabaseTests(postgres)
{
    private const string Pictures = "-f lavfi -i testsrc2=s=320x180:r=25:d=3";

    [Theory]
    [InlineData("ac3", "ac-3", "film.mp4")]
    [InlineData("eac3", "ec-3", "film.mkv")]
    public async Task Film_WithDolbySound_KeepsItsAccessUnitsBesideAac(string codec, string codecs, string name)
    {
        var film = Make(name, $"{Pictures} -f lavfi -i aevalsrc=0.1*sin(440*t)|0.1*sin(550*t)|0|0|0|0:c=5.1:s=48000:d=3 -c:v libx264 -preset ultrafast -c:a {codec} -b:a 384k -metadata:s:a:0 language=eng");
        // E-AC-3 would be made of it too, and is not: the film has it.
        var outcome = await PublishAsync(film, options => (options.PassDolby, options.SurroundCodec) = (true, "eac3"));
        var sound = (await outcome.PresentationAsync()).Audio.ToList();
        Assert.Equal(
            [("a0", "mp4a.40.2", 2), codec == "eac3" ? ("a0-surround", "mp4a.40.2", 6) : ("a0-surround", "ec-3", 6), ($"a0-{codec}", codecs, 6)],
            sound.Select(rendition => (rendition.Id, rendition.Codecs, rendition.Audio!.Channels)));
        Assert.Single(sound.Select(rendition => (rendition.Name, rendition.Language)).Distinct());
        // The judge: hashes of the packets, by ffprobe.
        Assert.Equal(Packets(film, "a:0"), Packets(await outcome.FetchAsync($"a0-{codec}", Folder.FullName), "a:0"));
        Assert.Empty(outcome.Asset.GetProperty("notes").EnumerateArray());
    }

    [Fact]
    public async Task Film_WhoseDolbySoundEndsEarly_HasTheEncodeAloneAndSaysSo()
    {
        var film = Make("short.mp4", $"{Pictures} -f lavfi -i sine=r=48000:d=1.5 -c:v libx264 -preset ultrafast -c:a ac3");
        var outcome = await PublishAsync(film, options => options.PassDolby = true);
        Assert.Equal("a0", Assert.Single((await outcome.PresentationAsync()).Audio).Id);
        Assert.Equal("sound_not_passed", Assert.Single(outcome.Asset.GetProperty("notes").EnumerateArray()).GetProperty("code").GetString());
    }

    [Theory]
    [InlineData("ac3", 48_000, "mov,mp4,m4a,3gp,3g2,mj2", true, "none", true)]
    [InlineData("eac3", 48_000, "matroska,webm", true, "none", true)]
    [InlineData("aac", 48_000, "matroska,webm", true, "none", false)]
    [InlineData("ac3", 44_100, "matroska,webm", true, "none", false)]
    [InlineData("ac3", 48_000, "mpegts", true, "none", false)]
    [InlineData("ac3", 48_000, "matroska,webm", false, "none", false)]
    [InlineData("ac3", 48_000, "matroska,webm", true, "-23", false)]
    public void Track_OfAKind_IsACandidateOrNot(string codec, int rate, string container, bool isWanted, string loudness, bool expected)
    {
        var options = new IngestOptions { PassDolby = isWanted, Loudness = loudness };
        var facts = new MediaFacts(container, TimeSpan.FromSeconds(8), null, [new AudioFacts { Stream = 1, Codec = codec, SampleRate = rate, Channels = 6 }]);
        var plan = EncodePlan.Begin(facts, new EncodingLadder([], 1), AudioOutputs.For(facts.Audio, options), options);
        Assert.Equal(expected ? [$"a0-{codec}"] : [], SoundPassThrough.CandidatesOf(plan, options).Select(output => output.Id));
    }

    [Theory]
    // first tick, ticks in all, units, milliseconds of the encode
    [InlineData(0, 250 * 1536, 250, 8000, true)]
    [InlineData(1024, 250 * 1536, 250, 8000, true)]
    [InlineData(-256, 250 * 1536, 250, 8000, true)]
    [InlineData(0, 250 * 1536 - 30, 250, 8000, true)]
    [InlineData(0, 250 * 1536 - 256, 250, 8000, true)]
    [InlineData(0, 750 * 512, 750, 8000, true)]
    [InlineData(-3000, 250 * 1536, 250, 8000, false)]
    // It begins late; it has a hole of one unit; it ends late, early.
    [InlineData(2400, 250 * 1536, 250, 8000, false)]
    [InlineData(0, 250 * 1536, 249, 8000, false)]
    [InlineData(0, 250 * 1536, 250, 7400, false)]
    [InlineData(0, 250 * 1536, 250, 8600, false)]
    public void Sound_ThatWasTaken_IsWholeOrNot(long start, long ticks, long units, int encoded, bool expected) =>
        Assert.Equal(expected, SoundPassThrough.IsWhole(Sound(48_000, start, ticks, units), Sound(1000, 0, encoded, encoded)));

    private static Rendition Sound(uint timescale, long start, long ticks, long units) => new()
    {
        Id = "a0", Kind = TrackKind.Audio, Codecs = "ac-3", Timescale = timescale, Initialization = new(0, 600), SegmentIndex = new(600, 44),
        Segments = [new(644, 1000, start, ticks)], SampleCount = units,
    };

    private async Task<Outcome> PublishAsync(string film, Action<IngestOptions> configure)
    {
        var host = await IngestHost.StartAsync(Database, Folder, configure);
        await using var _ = host;
        using var client = host.Client(Guid.NewGuid());
        var outcome = new Outcome(host, await IngestHost.EndAsync(client, await IngestHost.UploadAsync(client, film)));
        Assert.True(outcome.State == "published", outcome.Asset + "\n" + host.Catalogue.Log);
        return outcome;
    }

    private string Make(string name, string options)
    {
        var path = Folder.Combine(name);
        OutsideProbe.Tool("ffmpeg", ["-v", "error", "-nostdin", .. options.Split(' ', StringSplitOptions.RemoveEmptyEntries), "-y", path]);
        return path;
    }

    private static IEnumerable<string> Packets(string path, string stream) => OutsideProbe
        .Run("-select_streams", stream, "-show_data_hash", "SHA256", "-show_entries", "packet=data_hash", "-of", "csv=p=0", path)
        .Split([',', '\n'], StringSplitOptions.RemoveEmptyEntries).Where(word => word.StartsWith("SHA256:", StringComparison.Ordinal));
}
