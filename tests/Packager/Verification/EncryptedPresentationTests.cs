using Movento.Packager.Presentations;
using Movento.Packager.Tests.Protection;
using Movento.Packager.Verification;

namespace Movento.Packager.Tests.Verification;

public sealed class EncryptedPresentationTests(LadderFilm film) : IClassFixture<LadderFilm>
{
    [Theory]
    [InlineData(EncryptionScheme.Cbcs)]
    [InlineData(EncryptionScheme.Cenc)]
    [InlineData(EncryptionScheme.Aes128)]
    public async Task Ours_Encrypted_IsAccepted(EncryptionScheme scheme)
    {
        using var pictures = await EncryptedFile.OfAsync(film.Low, TrackKind.Video, scheme);
        using var sound = await EncryptedFile.OfAsync(film.Low, TrackKind.Audio, scheme);
        var report = await PresentationVerifier.VerifyAsync(Source(pictures, sound));
        Assert.Empty(report.Findings.Where(finding => finding.Severity == Severity.Error).Select(finding => finding.ToString()));
        Assert.True(report.Tracks.Count >= 4, $"{report.Tracks.Count} tracks");
    }

    [Fact]
    public async Task Aes128_WithItsKey_IsReadInside()
    {
        using var pictures = await EncryptedFile.OfAsync(film.Low, TrackKind.Video, EncryptionScheme.Aes128);
        using var sound = await EncryptedFile.OfAsync(film.Low, TrackKind.Audio, EncryptionScheme.Aes128);
        var report = await PresentationVerifier.VerifyAsync(Source(pictures, sound), WithKey(EncryptedFile.Key));
        Assert.Empty(report.Findings.Where(finding => finding.Severity == Severity.Error).Select(finding => finding.ToString()));
        Assert.Contains(report.Tracks, track => track.Codecs == "avc1.64000d");
    }

    [Fact]
    public async Task Aes128_WithAnotherKey_CannotBeRead()
    {
        using var pictures = await EncryptedFile.OfAsync(film.Low, TrackKind.Video, EncryptionScheme.Aes128);
        using var sound = await EncryptedFile.OfAsync(film.Low, TrackKind.Audio, EncryptionScheme.Aes128);
        var report = await PresentationVerifier.VerifyAsync(Source(pictures, sound), WithKey(new byte[16]));
        Assert.True(report.HasErrors);
    }

    [Theory]
    [InlineData("senc", 8, "encryption-samples")] // the first sample's clear bytes
    [InlineData("saio", 8, "encryption-samples")]
    [InlineData("tenc", 8, "encryption-key-id")]
    public async Task Boxes_ThatDisagree_AreFound(string box, int at, string rule)
    {
        using var pictures = await EncryptedFile.OfAsync(film.Low, TrackKind.Video, EncryptionScheme.Cbcs);
        using var sound = await EncryptedFile.OfAsync(film.Low, TrackKind.Audio, EncryptionScheme.Cbcs);
        var source = new MutatedSource(Source(pictures, sound));
        source.Change("v.mp4", box, 0, body => body[at + 3]++);
        Assert.Contains((await PresentationVerifier.VerifyAsync(source)).Findings, finding => finding.Rule.Id == rule);
    }

    private static VerificationOptions WithKey(byte[] key) => new() { KeyOf = (_, _) => ValueTask.FromResult<byte[]?>(key) };

    private static PackagedSource Source(EncryptedFile pictures, EncryptedFile sound) => new(
        new Presentation { Renditions = [pictures.Rendition with { Id = "v" }, sound.Rendition with { Id = "a" }] },
        new Dictionary<string, string> { ["v.mp4"] = pictures.Path, ["a.mp4"] = sound.Path });
}
