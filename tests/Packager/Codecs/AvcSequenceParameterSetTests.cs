using Movento.Packager.Codecs;

namespace Movento.Packager.Tests.Codecs;

public sealed class AvcSequenceParameterSetTests
{
    // x264, High, 1920×1080: 1088 coded lines, 8 of them cropped.
    private const string FullHd = "67640028acd940780227e5c05a808080a0000003002000000781e30632c0";

    [Fact]
    public void Set_With1088CodedLines_Has1080AfterCropping()
    {
        var set = AvcSequenceParameterSet.TryRead(Convert.FromHexString(FullHd));
        Assert.Equal((1920, 1080), (set!.Value.Width, set.Value.Height));
    }

    [Fact]
    public void Set_CutAnywhereBeforeItsPictureSize_IsNull()
    {
        var bytes = Convert.FromHexString(FullHd);
        for (var length = 0; length < 9; length++)
            Assert.Null(AvcSequenceParameterSet.TryRead(bytes.AsSpan(0, length)));
    }

    [Fact]
    public void RandomBits_NeverThrow()
    {
        var random = new Random(5);
        var bytes = new byte[64];
        for (var round = 0; round < 20_000; round++)
        {
            random.NextBytes(bytes);
            bytes[0] = 0x67;
            if (AvcSequenceParameterSet.TryRead(bytes.AsSpan(0, random.Next(bytes.Length))) is { } set)
                Assert.True(set is { Width: > 0, Height: > 0 });
        }
    }
}
