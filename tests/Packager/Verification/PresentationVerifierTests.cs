using Movento.Harness;
using Movento.Packager.Presentations;
using Movento.Packager.Verification;

namespace Movento.Packager.Tests.Verification;

[Collection(nameof(Films))]
public sealed class PresentationVerifierTests(Films films)
{
    [Fact]
    public async Task Ours_InAFolder_IsAccepted()
    {
        using var film = await PackagedFilm.OfAsync(films.BFrames, TrackKind.Video, TrackKind.Audio);
        await film.WriteManifestsAsync();
        var report = await PresentationVerifier.VerifyAsync(new FolderSource(Path.GetDirectoryName(film.Hls)!));
        Assert.Empty(report.Findings.Select(finding => finding.ToString()));
        Assert.Contains(report.Tracks, track => track.Kind == "video" && Math.Abs(track.Duration.TotalSeconds - 10) < 0.001);
    }

    [Fact]
    public async Task Ours_WithBothAddressings_IsAccepted()
    {
        using var film = await PackagedFilm.OfAsync(films.Fragmented, TrackKind.Video, TrackKind.Audio);
        var files = film.Presentation.Renditions.ToDictionary(rendition => $"{rendition.Id}.mp4", film.FileOf);
        var report = await PresentationVerifier.VerifyAsync(new PackagedSource(film.Presentation, files));
        Assert.Empty(report.Findings.Select(finding => finding.ToString()));
        Assert.Equal(["master.m3u8", "manifest.mpd", "segments/master.m3u8", "segments/manifest.mpd"], report.Manifests);
    }

    [Fact]
    public void Documentation_ListsEveryRule()
    {
        var text = File.ReadAllText(Repository.Combine("docs", "formats", "verification.md"));
        foreach (var rule in VerificationRule.All)
            Assert.Contains($"| `{rule.Id}` | {(rule.Severity == Severity.Error ? "error" : "warning")} | {rule.Clause} | {rule.Meaning} |", text, StringComparison.Ordinal);
        Assert.Equal(VerificationRule.All.Length, VerificationRule.All.Select(rule => rule.Id).Distinct().Count());
        Assert.Equal(VerificationRule.All.Length, text.Split('\n').Count(line => line.StartsWith("| `", StringComparison.Ordinal)));
    }
}
