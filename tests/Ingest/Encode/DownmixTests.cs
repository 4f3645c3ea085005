using Movento.Ingest.Encode;
using Movento.Ingest.Probe;

namespace Movento.Ingest.Tests.Encode;

/// <summary>More channels than a rendition has, and how loud each one is in it.</summary>
public sealed class DownmixTests : IDisposable
{
    private const double Silent = -60;
    private readonly EncodedSound _sound = new();

    [Theory]
    // FL FR FC LFE BL BR at -12 dB, one at a time; ITU-R BS.775: the centre and the surrounds 3 dB lower, no low frequencies.
    [InlineData("5.1", 6, 0, -12.0, Silent)]
    [InlineData("5.1", 6, 2, -15.0, -15.0)]
    [InlineData("5.1", 6, 3, Silent, Silent)]
    [InlineData("5.1", 6, 5, Silent, -15.0)]
    [InlineData("quad", 4, 2, -15.0, Silent)]
    public async Task Channel_MixedToStereo_HasItsLevel(string layout, int channels, int one, double left, double right)
    {
        Tone(layout, channels, one);
        var output = EncodedSound.Output(channels);
        await _sound.PublishAsync(output);
        Levels([left, right], EncodedSound.Peaks(_sound.Published(output)));
    }

    [Fact]
    public async Task SevenPointOne_AsSurround_PutsItsSidesBehind()
    {
        Tone("7.1", 8, 6);
        var output = AudioOutputs.For([new AudioFacts { Stream = 0, Codec = "flac", SampleRate = 48_000, Channels = 8 }], new IngestOptions())[1];
        var rendition = await _sound.PublishAsync(output);
        Assert.Equal(("mp4a.40.2", 6), (rendition.Codecs, rendition.Audio!.Channels));
        Levels([Silent, Silent, Silent, Silent, -15, Silent], EncodedSound.Peaks(_sound.Published(output)));
    }

    [Fact]
    public async Task Surround_InDolbyDigitalPlus_IsPackagedAndHeardInTime()
    {
        var clicks = EncodedSound.Clicks.Replace(",", "\\,", StringComparison.Ordinal);
        _sound.Make(EncodePlan.SourceName, $"-f lavfi -i aevalsrc={clicks}|0|0|0|0|{clicks}:c=5.1:s=48000:d=2.2 -c:a flac -f matroska".Split(' '));
        var output = AudioOutputs.For(
            [new AudioFacts { Stream = 0, Codec = "flac", SampleRate = 48_000, Channels = 6 }], new IngestOptions { SurroundCodec = "eac3" })[1];
        var rendition = await _sound.PublishAsync(output);
        Assert.Equal(("ec-3", 6), (rendition.Codecs, rendition.Audio!.Channels));
        Assert.Equal([0.5, 1.5], _sound.HearClicks(output).Select(time => Math.Round(time, 2)));
    }

    [Fact]
    public async Task EveryChannel_AtFullScale_DoesNotClip()
    {
        var tone = "0.99*sin(2*PI*440*t)";
        _sound.Make(EncodePlan.SourceName, $"-f lavfi -i aevalsrc={string.Join('|', Enumerable.Repeat(tone, 6))}:c=5.1:s=48000:d=2 -c:a flac -f matroska".Split(' '));
        var output = EncodedSound.Output(6);
        await _sound.PublishAsync(output);
        Assert.All(EncodedSound.Peaks(_sound.Published(output)), peak => Assert.InRange(peak, -2, -0.2));
    }

    [Fact]
    public async Task TwelveChannelsWithoutSpeakers_AreTheirFirstTwo()
    {
        _sound.Make("one.wav", "-f lavfi -i aevalsrc=0.25*sin(2*PI*440*t)|0.125*sin(2*PI*440*t)|0.9:s=48000:d=1 -af apad=whole_dur=1 -c:a pcm_s16le".Split(' '));
        // Twelve channels that are not told apart: the three of the file and nine more.
        var sound = await File.ReadAllBytesAsync(_sound.File("one.wav"));
        var samples = sound.AsSpan(sound.AsSpan().IndexOf("data"u8) + 8);
        var wide = new byte[samples.Length / 6 * 24];
        for (var i = 0; i < samples.Length / 6; i++) samples.Slice(i * 6, 6).CopyTo(wide.AsSpan(i * 24));
        await File.WriteAllBytesAsync(_sound.File("wide.raw"), wide);
        _sound.Make(EncodePlan.SourceName, "-f", "s16le", "-ar", "48000", "-ac", "12", "-i", _sound.File("wide.raw"), "-c:a", "pcm_s16le", "-f", "mov");
        var output = EncodedSound.Output(12);
        Assert.True(output.IsOfFirstTwo);
        await _sound.PublishAsync(output);
        Levels([-12, -18], EncodedSound.Peaks(_sound.Published(output)));
    }

    private void Tone(string layout, int channels, int one)
    {
        var all = string.Join('|', Enumerable.Range(0, channels).Select(channel => channel == one ? "0.25*sin(2*PI*100*t)" : "0"));
        _sound.Make(EncodePlan.SourceName, $"-f lavfi -i aevalsrc={all}:c={layout}:s=48000:d=1 -c:a flac -f matroska".Split(' '));
    }

    private static void Levels(double[] expected, IReadOnlyList<double> peaks)
    {
        Assert.Equal(expected.Length, peaks.Count);
        for (var i = 0; i < expected.Length; i++)
        {
            if (expected[i] == Silent) Assert.InRange(peaks[i], double.NegativeInfinity, Silent);
            else Assert.Equal(expected[i], peaks[i], 0.8);
        }
    }

    public void Dispose() => _sound.Dispose();
}
