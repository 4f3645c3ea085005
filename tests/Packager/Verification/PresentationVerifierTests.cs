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
        var report = await PresentationVerifier.VerifyAsync(new FolderSource(Path.GetDirectoryName(film.Hls)!));
        Assert.Empty(report.Findings.Select(finding => finding.ToString()));
        Assert.Contains(report.Tracks, track => track.Kind == "video" && Math.Abs(track.Duration.TotalSeconds - 10) < 0.001);
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
