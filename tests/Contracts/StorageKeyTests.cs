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

    [GeneratedRegex("^[a-z0-9-]+(/[a-z0-9-.]+)+$")]
    private static partial Regex Allowed();
}
