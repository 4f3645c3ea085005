using System.Text.RegularExpressions;

namespace Movento.Contracts.Tests;

public partial class StorageKeyTests
{
    private static readonly AssetId Asset = AssetId.Parse("0192f0c1a2b37c4d8e5f60718293a4b5");

    // docs/formats/storage-keys.md, row by row.
    [Fact]
    public void Keys_EveryKind_AreAsDocumented()
    {
        Assert.Equal("uploads/0192f0c1a2b37c4d8e5f60718293a4b5", StorageKey.Upload(Asset));
        Assert.Equal("assets/0192f0c1a2b37c4d8e5f60718293a4b5/source", StorageKey.Source(Asset));
        Assert.Equal("assets/0192f0c1a2b37c4d8e5f60718293a4b5/v3/v720.mp4", StorageKey.Rendition(Asset, 3, "v720"));
        Assert.Equal("assets/0192f0c1a2b37c4d8e5f60718293a4b5/v3/poster.jpg", StorageKey.Poster(Asset, 3));
        Assert.Equal("assets/0192f0c1a2b37c4d8e5f60718293a4b5/v3/receipt.json", StorageKey.Receipt(Asset, 3));
        Assert.Equal("assets/0192f0c1a2b37c4d8e5f60718293a4b5/v3/presentation.json", StorageKey.Presentation(Asset, 3));
    }

    [Fact]
    public void Prefixes_OneVersion_DoNotReachIntoAnother()
    {
        Assert.StartsWith(StorageKey.VersionPrefix(Asset, 1), StorageKey.Presentation(Asset, 1), StringComparison.Ordinal);
        Assert.False(StorageKey.Presentation(Asset, 10).StartsWith(StorageKey.VersionPrefix(Asset, 1), StringComparison.Ordinal));
        Assert.StartsWith(StorageKey.AssetPrefix(Asset), StorageKey.VersionPrefix(Asset, 1), StringComparison.Ordinal);
    }

    [Fact]
    public void Keys_EveryKind_HoldOnlyTheAllowedCharacters()
    {
        string[] keys =
        [
            StorageKey.Upload(Asset), StorageKey.Source(Asset), StorageKey.Rendition(Asset, int.MaxValue, "a0"),
            StorageKey.Poster(Asset, 1), StorageKey.Receipt(Asset, 1), StorageKey.Presentation(Asset, 1), StorageKey.ReadinessProbe,
        ];
        Assert.All(keys, key => Assert.Matches(Allowed(), key));
    }

    [Fact]
    public void TryReadVersion_KeysOfVersions_SaysWhichAndWhere()
    {
        Assert.True(StorageKey.TryReadVersion(StorageKey.Rendition(Asset, 12, "v720"), out var asset, out var version, out var name));
        Assert.Equal((Asset, 12, "v720.mp4"), (asset, version, name));
        Assert.True(StorageKey.TryReadVersion(StorageKey.GrowingSegment(Asset, 1, "a0", 3), out _, out _, out name));
        Assert.Equal("growing/a0/3.m4s", name);
    }

    [Theory]
    [InlineData("")]
    [InlineData("assets/")]
    [InlineData("assets/0192f0c1a2b37c4d8e5f60718293a4b5")]
    [InlineData("assets/0192f0c1a2b37c4d8e5f60718293a4b5/source")]
    [InlineData("assets/0192f0c1a2b37c4d8e5f60718293a4b5/v3/")]
    [InlineData("assets/0192f0c1a2b37c4d8e5f60718293a4b5/vx/v720.mp4")]
    [InlineData("assets/0192f0c1a2b37c4d8e5f60718293a4b5/v03/v720.mp4")]
    [InlineData("assets/0192F0C1A2B37C4D8E5F60718293A4B5/v3/v720.mp4")]
    [InlineData("work/0192f0c1a2b37c4d8e5f60718293a4b5/v3/encode/1-chunk.mp4")]
    public void TryReadVersion_OtherKeys_AreOfNone(string key) => Assert.False(StorageKey.TryReadVersion(key, out _, out _, out _));

    [GeneratedRegex("^[a-z0-9-]+(/[a-z0-9-.]+)+$")]
    private static partial Regex Allowed();
}
