using System.Text;
using Movento.Harness;
using Movento.Packager.Presentations;
using Movento.Packager.Subtitles;

namespace Movento.Packager.Tests.Subtitles;

/// <summary>Subtitles for these tests, and the three files that become of them.</summary>
internal sealed class PackagedSubtitles : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private PackagedSubtitles(Rendition rendition) => Rendition = rendition;

    /// <summary>Cues that overlap, that cross the borders at 4 and 8 s, that stand alone, with and without an id and settings.</summary>
    public const string WebVtt =
        """
        WEBVTT

        STYLE
        ::cue { color: papayawhip }

        NOTE for the editor

        first
        00:00:01.000 --> 00:00:02.500 line:0 align:start
        Hello <b>world</b> &amp; you

        00:00:02.000 --> 00:00:05.000
        Two lines,
        <i>one of them slanted</i>

        00:00:03.500 --> 00:00:09.250
        A long one

        00:00:09.500 --> 00:00:10.000
        Grüße, 世界 😀

        """;

    public Rendition Rendition { get; private set; }

    public string Track => _folder.Combine("s0.mp4");

    public string Segments => _folder.Combine("s0.segments.vtt");

    public string Sidecar => _folder.Combine("s0.vtt");

    public string Combine(string name) => _folder.Combine(name);

    public static SubtitleTrack Read(string text) => SubtitleTrack.Read(Encoding.UTF8.GetBytes(text));

    public static async Task<PackagedSubtitles> OfAsync(SubtitleTrack subtitles, double seconds = 12, double segment = 4)
    {
        var packaged = new PackagedSubtitles(null!);
        await using var track = File.Create(packaged.Track);
        await using var segments = File.Create(packaged.Segments);
        await using var sidecar = File.Create(packaged.Sidecar);
        packaged.Rendition = await SubtitlePackager.PackageAsync(
            subtitles,
            new SubtitleSettings { Id = "s0", Duration = TimeSpan.FromSeconds(seconds), SegmentDuration = TimeSpan.FromSeconds(segment), Language = "en", Name = "English" },
            new SubtitleOutputs(track, segments, sidecar),
            CancellationToken.None);
        return packaged;
    }

    /// <summary>The text of each segment.</summary>
    public string[] SegmentTexts()
    {
        var bytes = File.ReadAllBytes(Segments);
        var texts = new List<string>();
        var offset = 0;
        foreach (var size in Rendition.TextSegmentSizes)
        {
            texts.Add(Encoding.UTF8.GetString(bytes, offset, (int)size));
            offset += (int)size;
        }

        Assert.Equal(bytes.Length, offset);
        return [.. texts];
    }

    public async Task<SubtitleTrack> ReadTrackAsync()
    {
        await using var file = File.OpenRead(Track);
        return await SubtitleTrack.ReadAsync(file, null, CancellationToken.None);
    }

    public void Dispose() => _folder.Dispose();
}
