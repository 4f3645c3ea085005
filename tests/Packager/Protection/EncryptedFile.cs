using Movento.Harness;
using Movento.Packager.Cmaf;
using Movento.Packager.Presentations;
using Movento.Packager.Protection;

namespace Movento.Packager.Tests.Protection;

/// <summary>One track of a film, encrypted into a file of its own.</summary>
internal sealed class EncryptedFile : IDisposable
{
    public static readonly UInt128 KeyId = UInt128.Parse("00112233445566778899aabbccddeeff", System.Globalization.NumberStyles.HexNumber, null);
    public static readonly UInt128 Vector = UInt128.Parse("0f1e2d3c4b5a69788796a5b4c3d2e1f0", System.Globalization.NumberStyles.HexNumber, null);
    public static readonly byte[] Key = Convert.FromHexString("a0b1c2d3e4f5061728394a5b6c7d8e9f");

    private readonly TemporaryFolder _folder = new();

    private EncryptedFile(Rendition rendition) => Rendition = rendition;

    public Rendition Rendition { get; private set; }

    public string Path => _folder.Combine("encrypted.mp4");

    public string Combine(string name) => _folder.Combine(name);

    public static async Task<EncryptedFile> OfAsync(string source, TrackKind kind, EncryptionScheme scheme)
    {
        using var key = new ContentKey(KeyId, Key, Vector);
        return await OfAsync(source, kind, new EncryptionSettings { Scheme = scheme, Keys = [key] });
    }

    public static async Task<EncryptedFile> OfAsync(string source, TrackKind kind, EncryptionSettings encryption)
    {
        var file = new EncryptedFile(null!);
        file.Rendition = await PackagedFilm.PackageAsync(
            source, file.Path, new CmafSettings { Id = "x", Kind = kind, SegmentDuration = TimeSpan.FromSeconds(4), Encryption = encryption });
        return file;
    }

    public void Dispose() => _folder.Dispose();
}
