using Movento.Packager.Cmaf;
using Movento.Packager.Presentations;
using Movento.Packager.Protection;

namespace Movento.Packager.Tests.Protection;

/// <summary>What cannot be encrypted is refused by name, and hostile samples too.</summary>
[Collection(nameof(Films))]
public sealed class EncryptionRefusalTests(Films films)
{
    [Theory]
    [InlineData("")]
    [InlineData("00000008")]
    [InlineData("0000000866726565")]
    [InlineData("0000001f7073736800000000edef8ba979d64acea3c827dcd51d21ed000000")]
    [InlineData("000000207073736800000000edef8ba979d64acea3c827dcd51d21ed00000001")]
    [InlineData("000000207073736802000000edef8ba979d64acea3c827dcd51d21ed00000000")]
    [InlineData("000000217073736800000000edef8ba979d64acea3c827dcd51d21ed0000000000")]
    [InlineData("000000207073736800000000edef8ba979d64acea3c827dcd51d21ed0000000000")]
    [InlineData("000000247073736801000000edef8ba979d64acea3c827dcd51d21ed1000000000000000")]
    public void SystemHeader_ThatIsNone_IsRefused(string hexadecimal) =>
        Assert.Throws<MediaFormatException>(() => SystemHeader.Read(Convert.FromHexString(hexadecimal)));

    [Fact]
    public void SystemHeader_OfWidevine_IsRead()
    {
        var header = SystemHeader.Read(Convert.FromHexString("000000227073736800000000edef8ba979d64acea3c827dcd51d21ed000000020801"));
        Assert.Equal(UInt128.Parse("edef8ba979d64acea3c827dcd51d21ed", System.Globalization.NumberStyles.HexNumber, null), header.SystemId);
        Assert.Equal("0801", Convert.ToHexStringLower(header.Data));
    }

    [Fact]
    public void ContentKey_OfAnotherSize_IsRefused() => Assert.Throws<ArgumentException>(() => new ContentKey(1, new byte[15]));

    [Fact]
    public void ContentKey_Disposed_IsForgottenAndNeverWritten()
    {
        var key = new ContentKey(1, EncryptedFile.Key);
        Assert.DoesNotContain(Convert.ToHexString(EncryptedFile.Key), key.ToString(), StringComparison.OrdinalIgnoreCase);
        key.Dispose();
        Assert.Throws<ObjectDisposedException>(() => key.Key.Length);
    }

    [Fact]
    public async Task Vp9_WithSubsamples_IsRefusedByName()
    {
        var refusal = await Assert.ThrowsAsync<MediaFormatException>(() => EncryptedFile.OfAsync(films.Vp9, TrackKind.Video, EncryptionScheme.Cenc));
        Assert.Equal(MediaFormatError.Unsupported, refusal.Error);
        Assert.Contains("vp09", refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(EncryptionScheme.Cbcs)]
    [InlineData(EncryptionScheme.Cenc)]
    public async Task Samples_Mutated_AreEncryptedOrRefused(EncryptionScheme scheme)
    {
        using var key = new ContentKey(1, EncryptedFile.Key);
        var settings = new CmafSettings { Id = "x", Kind = TrackKind.Video, Encryption = new EncryptionSettings { Scheme = scheme, Keys = [key] } };
        var random = new Random(7);
        var (encrypted, refused) = (0, 0);
        foreach (var path in (string[])[films.Tiny, films.Hevc, films.Av1])
        {
            var bytes = await File.ReadAllBytesAsync(path);
            for (var round = 0; round < 150; round++)
            {
                var mutated = bytes.ToArray();
                for (var change = random.Next(1, 40); change > 0; change--)
                    mutated[random.Next(mutated.Length)] = (byte)random.Next(256);
                try
                {
                    using var source = new MemoryStream(mutated);
                    using var destination = new MemoryStream();
                    await CmafPackager.PackageAsync(source, destination, settings, CancellationToken.None);
                    encrypted++;
                }
                catch (MediaFormatException)
                {
                    refused++;
                }
            }
        }

        Assert.True(encrypted > 0 && refused > 0, $"{encrypted} encrypted, {refused} refused");
    }
}
