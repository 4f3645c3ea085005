using Movento.Ingest.Encode;

namespace Movento.Ingest.Tests.Encode;

/// <summary>Sound that is published is heard when it was heard in the source: to the millisecond, and as long as it was, to the sample.</summary>
public sealed class AudioSyncTests : IDisposable
{
    private const string Pictures = "-f lavfi -i testsrc2=s=64x36:r=25:d=3.3";
    private readonly EncodedSound _sound = new();

    [Theory]
    [InlineData(44_100, "-c:a flac -f matroska")]
    [InlineData(48_000, "-c:a flac -f matroska")]
    [InlineData(44_100, "-c:a pcm_s16le -f mov")]
    [InlineData(22_050, "-c:a pcm_s16le -f wav")]
    [InlineData(48_000, "-c:a aac -f mp4")]
    public async Task Sound_OfAnyRate_IsInTimeAndAsLongAsItWas(int rate, string form)
    {
        Source($"{Lavfi(rate, 3.3)} {form}");
        var output = EncodedSound.Output(rate: rate);
        var rendition = await _sound.PublishAsync(output);
        // The end of AAC is padded by its own encoder, and stays so where the source's is decoded.
        var padding = form.Contains("aac", StringComparison.Ordinal) ? 1024 : 0;
        Assert.InRange(rendition.End, (long)(3.3 * output.SampleRate), (long)(3.3 * output.SampleRate) + padding);
        Assert.Equal((0L, (uint)output.SampleRate), (rendition.Segments[0].Start, rendition.Timescale));
        AssertClicks(output, [0.5, 1.5, 2.5]);
    }

    [Fact]
    public async Task Sound_ThatBeginsLater_StaysLater()
    {
        Source($"{Pictures} -itsoffset 0.7 {Lavfi(44_100, 2.6)} -map 1 -map 0 -c:v libx264 -preset ultrafast -c:a flac -f matroska");
        var output = EncodedSound.Output(rate: 44_100);
        var rendition = await _sound.PublishAsync(output);
        Assert.Equal(0, rendition.Segments[0].Start);
        Assert.InRange(rendition.End, 145_530 - 44, 145_530 + 44);
        AssertClicks(output, [1.2, 2.2, 3.2]);
    }

    [Fact]
    public async Task Sound_ThatBeginsBeforeThePictures_KeepsItsBeginning()
    {
        // Film time zero is where the first of the two begins (negative timestamps are moved there): so the pictures begin 0.4 s in.
        Source($"-itsoffset -0.4 {Lavfi(48_000, 3.3)} {Pictures} -map 0 -map 1 -c:v libx264 -preset ultrafast -c:a flac -avoid_negative_ts disabled -f matroska");
        var output = EncodedSound.Output();
        await _sound.PublishAsync(output);
        AssertClicks(output, [0.5, 1.5, 2.5]);
    }

    [Fact]
    public async Task Sound_CutOutOfAFilmWithoutEncoding_BeginsAtTheCut()
    {
        // An edit list that begins in the middle of the media: half a second of pictures and 21 ms of sound before it are not shown.
        _sound.Make("whole.mp4", $"{Lavfi(48_000, 3.3)} {Pictures} -map 0 -map 1 -c:v libx264 -preset ultrafast -g 25 -c:a aac".Split(' '));
        Source($"-ss 1.25 -i {_sound.File("whole.mp4")} -map 0 -c copy -f mp4");
        var output = EncodedSound.Output(stream: 0);
        await _sound.PublishAsync(output);
        AssertClicks(output, [0.25, 1.25]);
    }

    [Theory]
    // A gap of an access unit is filled at once, a smaller one within a second by playing slower.
    [InlineData(0.3)]
    [InlineData(0.03)]
    [InlineData(0.01)]
    public async Task Gap_InTheSound_IsFilledWithSilence(double gap)
    {
        var n = (int)(gap * 48_000);
        // Samples in frames of 480, and all after 0.96 s told to be later.
        Source(FormattableString.Invariant(
            $"{Lavfi(48_000, 4.3)} -af asetnsamples=480,asetpts=PTS+gte(PTS\\,46080)*{n} -c:a pcm_s16le -f matroska"));
        var output = EncodedSound.Output();
        var rendition = await _sound.PublishAsync(output, new IngestOptions());
        Assert.InRange(rendition.End / 48_000.0, 4.3 + gap - 0.001, 4.3 + gap + 0.001);
        var clicks = _sound.HearClicks(output);
        Assert.Equal(4, clicks.Count);
        Assert.Equal(0.5, clicks[0], 0.001);
        Assert.Equal(3.5 + gap, clicks[3], 0.001);
    }

    [Fact]
    public async Task Job_WhileItRuns_SignalsItsPrimingAndGrowsByFragments()
    {
        Source($"{Lavfi(48_000, 9)} -c:a flac -f matroska");
        var output = EncodedSound.Output();
        await _sound.PublishAsync(output);
        var file = await File.ReadAllBytesAsync(_sound.Encoded(output));
        // elst, version 0, one entry of no duration (to the end) whose media time is the encoder's 1024 samples.
        var elst = file.AsSpan().IndexOf("elst"u8);
        Assert.Equal("0000000000000001000000000000040000010000", Convert.ToHexStringLower(file.AsSpan(elst + 4, 20)));
        Assert.Equal(3, Enumerable.Range(0, file.Length - 4).Count(i => file.AsSpan(i, 4).SequenceEqual("moof"u8)));
    }

    private void AssertClicks(AudioOutput output, double[] expected)
    {
        var clicks = _sound.HearClicks(output);
        Assert.Equal(expected.Length, clicks.Count);
        for (var i = 0; i < expected.Length; i++) Assert.Equal(expected[i], clicks[i], 0.001);
    }

    private void Source(string arguments) => _sound.Make(EncodePlan.SourceName, arguments.Split(' '));

    private static string Lavfi(int rate, double seconds) =>
        FormattableString.Invariant($"-f lavfi -i aevalsrc={EncodedSound.Clicks.Replace(",", "\\,", StringComparison.Ordinal)}|{EncodedSound.Clicks.Replace(",", "\\,", StringComparison.Ordinal)}:s={rate}:d={seconds}");

    public void Dispose() => _sound.Dispose();
}
