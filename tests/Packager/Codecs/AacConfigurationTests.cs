using Movento.Packager.Codecs;

namespace Movento.Packager.Tests.Codecs;

public sealed class AacConfigurationTests
{
    [Theory]
    [InlineData("1190", 2, 48000, 2)]
    [InlineData("1210", 2, 44100, 2)]
    [InlineData("1588", 2, 8000, 1)]
    [InlineData("2b920800", 5, 44100, 2)] // HE-AAC: the core at 22050
    [InlineData("eb8a0800", 29, 44100, 2)] // HE-AAC v2: a mono core at 22050
    [InlineData("11b0", 2, 48000, 6)]
    [InlineData("1780bb8010", 2, 96000, 2)] // the rate in 24 bits: 0x017700
    public void Configuration_OfRealEncoders_IsRead(string hex, int objectType, int sampleRate, int channels)
    {
        var read = AacConfiguration.TryRead(Convert.FromHexString(hex));
        Assert.Equal(new AacConfiguration(objectType, sampleRate, channels), read);
        Assert.True(read!.Value.IsEverySampleSync);
    }

    [Theory]
    [InlineData("")]
    [InlineData("11")]
    [InlineData("1680")] // sampling frequency index 13 is reserved
    public void Configuration_ThatEndsOrIsReserved_IsNull(string hex) => Assert.Null(AacConfiguration.TryRead(Convert.FromHexString(hex)));

    [Fact]
    public void ExtendedHeAac_CannotBeCutEverywhere() =>
        Assert.False(AacConfiguration.TryRead(Convert.FromHexString("f94600"))!.Value.IsEverySampleSync);
}
