using System.Diagnostics;
using System.Text;
using Movento.Harness;
using Movento.Packager.Verification;

namespace Movento.Packager.Tests.Verification;

/// <summary>Whatever stands in the files: findings, in a bounded time and memory, and never another exception.</summary>
public sealed class HostilePresentationTests(LadderFilm film) : IClassFixture<LadderFilm>, IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Presentation_WithMutatedBytes_IsReported(int seed)
    {
        var random = new Random(seed);
        string[] files = ["master.m3u8", "low.m3u8", "low.iframes.m3u8", "manifest.mpd", "segments/manifest.mpd", "low.mp4"];
        for (var round = 0; round < 400; round++)
        {
            var source = new MutatedSource(film.Source(film.Good));
            var file = files[random.Next(files.Length)];
            source.Mutate(file, bytes =>
            {
                var end = file.EndsWith(".mp4", StringComparison.Ordinal) && round % 3 != 0 ? 2500 : bytes.Length; // headers most of the time
                for (var count = random.Next(1, 6); count > 0; count--)
                    bytes[random.Next(end)] = random.Next(3) switch { 0 => 0xff, 1 => 0, _ => (byte)random.Next(256) };
            });
            var error = await Record.ExceptionAsync(() => PresentationVerifier.VerifyAsync(source));
            Assert.True(error is null, $"round {round} of {seed}, {file}: {error}");
        }
    }

    [Fact]
    public async Task Mpd_OfABillionLaughs_IsRefusedAsXml()
    {
        var laughs = string.Concat(Enumerable.Range(1, 9).Select(level => $"<!ENTITY l{level} \"{string.Concat(Enumerable.Repeat($"&l{level - 1};", 10))}\">"));
        Assert.Contains("dash-xml", await RulesAsync("manifest.mpd", $"<?xml version=\"1.0\"?><!DOCTYPE MPD [<!ENTITY l0 \"ha\">{laughs}]><MPD>&l9;</MPD>"));
    }

    [Fact]
    public async Task Mpd_OfManyLevels_IsRefusedByItsLimit() =>
        Assert.Contains("source-limit", await RulesAsync("manifest.mpd", string.Concat(Enumerable.Repeat("<a>", 100_000))));

    [Fact]
    public async Task Mpd_OfManyElements_IsRefusedByItsLimit() =>
        Assert.Contains("source-limit", await RulesAsync("manifest.mpd", $"<MPD>{string.Concat(Enumerable.Repeat("<S/>", 200_000))}</MPD>"));

    [Fact]
    public async Task Mpd_WhoseTimelineRepeatsForever_IsRefusedByItsLimit() => Assert.Contains("source-limit", await RulesAsync("manifest.mpd", Mpd(
        "<SegmentTemplate media=\"$Number$.m4s\" initialization=\"init.mp4\"><SegmentTimeline><S t=\"0\" d=\"1\" r=\"9223372036854775807\"/></SegmentTimeline></SegmentTemplate>")));

    [Fact]
    public async Task Mpd_WithALongTemplate_IsRefusedByItsLimit() => Assert.Contains("source-limit", await RulesAsync("manifest.mpd", Mpd(
        $"<SegmentTemplate media=\"{new string('a', 4000)}$Number$.m4s\" initialization=\"init.mp4\"><SegmentTimeline><S t=\"0\" d=\"1\" r=\"60000\"/></SegmentTimeline></SegmentTemplate>")));

    [Fact]
    public async Task Playlist_Huge_IsRefusedByItsLimit()
    {
        await using (var file = File.Create(_folder.Combine("master.m3u8")))
            file.SetLength(1L << 30); // sparse
        var before = GC.GetTotalAllocatedBytes(precise: true);
        var report = await PresentationVerifier.VerifyAsync(new FolderSource(_folder.FullName));
        Assert.Contains(report.Findings, finding => finding.Rule.Id == "source-limit");
        Assert.InRange(GC.GetTotalAllocatedBytes(precise: true) - before, 0, 16 << 20);
    }

    [Fact]
    public async Task Playlist_ThatNamesItself_IsRefused() =>
        Assert.Contains("hls-kind", await RulesAsync("master.m3u8", "#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=1\nmaster.m3u8\n"));

    [Fact]
    public async Task Playlist_OfManySegmentsThatAreNotThere_EndsSoon()
    {
        var watch = Stopwatch.StartNew();
        var rules = await RulesAsync(
            "film.m3u8", $"#EXTM3U\n#EXT-X-TARGETDURATION:1\n{string.Concat(Enumerable.Range(0, 65_000).Select(number => $"#EXTINF:1,\n{number}.m4s\n"))}#EXT-X-ENDLIST\n");
        Assert.Contains("source-missing", rules);
        Assert.True(watch.Elapsed < TimeSpan.FromMinutes(1), $"{watch.Elapsed}"); // no judgement of speed: an endless walk would be a matter of hours
    }

    [Theory]
    [InlineData("../secret.mp4")]
    [InlineData("%2e%2e/secret.mp4")]
    [InlineData("..%2fsecret.mp4")]
    [InlineData("..%5csecret.mp4")]
    [InlineData("/etc/passwd")]
    [InlineData("file:///etc/passwd")]
    [InlineData("http://other.example/secret.mp4")]
    [InlineData("//other.example/secret.mp4")]
    [InlineData("link.mp4")]
    public async Task Address_OutOfTheFolder_IsNotRead(string address)
    {
        File.CreateSymbolicLink(_folder.Combine("link.mp4"), "/etc/passwd");
        var report = await ReportAsync("film.m3u8", $"#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\n{address}\n#EXT-X-ENDLIST\n");
        Assert.Contains(report.Findings, finding => finding.Rule.Id is "source-outside" or "source-missing");
        Assert.Equal(new FileInfo(_folder.Combine("film.m3u8")).Length, report.BytesRead);
    }

    [Fact]
    public async Task Run_OfFourBillionSamples_IsRefused()
    {
        var source = new MutatedSource(film.Source(film.Good));
        source.Change("low.mp4", "trun", 0, body =>
        {
            body[..4].Clear(); // no fields: nothing in the box bounds the count
            body.Slice(4, 4).Fill(0xff);
        });
        Assert.Contains((await PresentationVerifier.VerifyAsync(source)).Findings, finding => finding.Rule.Id == "iso-box");
    }

    [Fact]
    public async Task Index_ThatRefersToItself_IsNotFollowed()
    {
        var source = new MutatedSource(film.Source(film.Good));
        source.Change("low.mp4", "sidx", 0, body => body[32] |= 0x80);
        Assert.Contains((await PresentationVerifier.VerifyAsync(source)).Findings, finding => finding.Rule.Id == "iso-sidx");
    }

    private static string Mpd(string segments) =>
        "<MPD xmlns=\"urn:mpeg:dash:schema:mpd:2011\" profiles=\"x\" minBufferTime=\"PT1S\" mediaPresentationDuration=\"PT10S\"><Period>"
        + $"<AdaptationSet mimeType=\"video/mp4\"><Representation id=\"a\" bandwidth=\"1\">{segments}</Representation></AdaptationSet></Period></MPD>";

    private async Task<VerificationReport> ReportAsync(string name, string text)
    {
        await File.WriteAllTextAsync(_folder.Combine(name), text, new UTF8Encoding(false));
        return await PresentationVerifier.VerifyAsync(new FolderSource(_folder.FullName));
    }

    private async Task<IEnumerable<string>> RulesAsync(string name, string text) => (await ReportAsync(name, text)).Findings.Select(finding => finding.Rule.Id);
}
