using Movento.Packager.Codecs;
using Movento.Packager.IsoBmff;

namespace Movento.Packager.Tests.Codecs;

/// <summary>What the decoder configurations of the codecs say, from the bytes of real files.</summary>
public sealed class ConfigurationTests
{
    [Theory]
    [InlineData(0, false, 1, 0x60000000u, 0x900000000000ul, 93, "hvc1.1.6.L93.90")]
    [InlineData(0, true, 2, 0x20000000u, 0xb00000000000ul, 153, "hvc1.2.4.H153.B0")]
    [InlineData(1, false, 4, 0x08000000u, 0ul, 120, "hvc1.A4.10.L120")]
    [InlineData(0, false, 4, 0x08000000u, 0x9e0800000001ul, 120, "hvc1.4.10.L120.9E.8.0.0.0.1")]
    public void Hevc_CodecString_IsThatOfAnnexE(byte space, bool high, byte profile, uint compatibility, ulong constraints, byte level, string expected) =>
        Assert.Equal(expected, new HevcConfiguration(space, high, profile, compatibility, constraints, level, null).CodecString(FourCC.Of("hvc1"u8)));

    [Theory]
    [InlineData("810a0d00", "av01.0.10M.08")] // 4:2:0 with a sample position that nobody asks for
    [InlineData("812c8000", "av01.1.12H.08.0.000.02.02.02.0")]
    [InlineData("81095c00", "av01.0.09M.10.1.110.02.02.02.0")]
    public void Av1_CodecString_HasItsOptionalPartWhereItSaysMore(string hex, string expected)
    {
        var box = Box(hex);
        Assert.Equal(expected, Av1Configuration.Read(ref box).CodecString());
    }

    [Theory]
    [InlineData("10400c", 48000, 2)] // 2/0
    [InlineData("10 3d c0", 48000, 6)] // 3/2 with low frequencies
    [InlineData("90 08 00", 32000, 1)]
    public void Ac3_Channels_AreThoseOfItsMode(string hex, int sampleRate, int channels)
    {
        var box = Box(hex);
        Assert.Equal(new Ac3Configuration(sampleRate, channels, 0), Ac3Configuration.ReadAc3(ref box));
    }

    [Theory]
    [InlineData("0c00 200f 00", 6, 0)] // 5.1, 384 kbit/s
    [InlineData("0c00 200f 0202", 8, 0)] // and a dependent substream with Lrs and Rrs: 7.1
    [InlineData("1800 200f 00 01 10", 6, 16)] // Dolby Atmos: 16 objects joined
    public void EnhancedAc3_ChannelsAndObjects_AreRead(string hex, int channels, int objects)
    {
        var box = Box(hex);
        Assert.Equal(new Ac3Configuration(48000, channels, objects), Ac3Configuration.ReadEnhancedAc3(ref box));
    }

    [Theory]
    [InlineData("01 00 10 3d 10", "hvc1", 1, "dvh1.08.07/db1p")]
    [InlineData("01 00 10 3d 40", "hvc1", 18, "dvh1.08.07/db4h")]
    [InlineData("01 00 10 3d 20", "hev1", 1, "dvhe.08.07/db2g")]
    [InlineData("01 00 14 35 40", "av01", 18, "dav1.10.06/db4h")]
    [InlineData("01 00 0a 35 00", "hvc1", 2, null)] // profile 5: nothing that another decoder could show
    [InlineData("01 00 10 3d 10", "av01", 1, null)] // a profile of another codec
    public void DolbyVision_OverAnotherCodec_IsSupplemental(string hex, string entry, byte transfer, string? expected)
    {
        var box = Box(hex);
        var type = FourCC.Of(System.Text.Encoding.ASCII.GetBytes(entry)).Value;
        Assert.Equal(expected, DolbyVisionConfiguration.Read(ref box).SupplementalCodecs(type, transfer)?.ToString());
    }

    [Fact]
    public void Opus_PreSkip_IsBigEndian()
    {
        var box = Box("0002013800 00bb80 0000 00");
        Assert.Equal(new OpusConfiguration(2, 312), OpusConfiguration.Read(ref box));
    }

    [Theory]
    [InlineData("")]
    [InlineData("81")]
    [InlineData("82000c00")]
    [InlineData("81000c000a")] // an OBU without its size
    [InlineData("81000c000aff01")] // of 255 bytes
    [InlineData("81000c000a0100")] // a sequence header of one byte
    public void Av1_Configuration_ThatIsNoneIsRefused(string hex) => Assert.Throws<MediaFormatException>(() =>
    {
        var box = Box(hex);
        Av1Configuration.Read(ref box);
    });

    [Fact]
    public void RandomBits_AreReadOrRefused()
    {
        var random = new Random(7);
        var bytes = new byte[96];
        for (var round = 0; round < 40_000; round++)
        {
            random.NextBytes(bytes);
            bytes[0] = (byte)(round % 4 == 0 ? 0x81 : round % 4 == 1 ? 0x42 : round % 4 == 2 ? 1 : 0);
            var length = random.Next(bytes.Length);
            var error = Record.Exception(() =>
            {
                var box = new BoxReader(bytes.AsSpan(0, length));
                switch (round % 4)
                {
                    case 0:
                        Assert.NotNull(Av1Configuration.Read(ref box).CodecString());
                        break;
                    case 1:
                        HevcSequenceParameterSet.TryRead(bytes.AsSpan(0, length));
                        break;
                    case 2:
                        Assert.NotNull(HevcConfiguration.Read(ref box).CodecString(FourCC.Of("hvc1"u8)));
                        break;
                    default:
                        Ac3Configuration.ReadEnhancedAc3(ref box);
                        break;
                }
            });
            Assert.True(error is null or MediaFormatException, $"round {round}: {error}");
        }
    }

    private static BoxReader Box(string hex) => new(Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal)));
}
