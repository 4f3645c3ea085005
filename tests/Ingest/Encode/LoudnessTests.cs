using Movento.Ingest.Encode;
using Movento.Ingest.Tests.Running;

namespace Movento.Ingest.Tests.Encode;

public sealed class LoudnessTests : IDisposable
{
    private readonly EncodedSound _sound = new();

    [Theory]
    // integrated, true peak, target → gain, limited
    [InlineData(-30, -12, -23, 7, false)]
    [InlineData(-30, -3, -16, 14, true)]
    [InlineData(-14, -1, -23, -9, false)]
    [InlineData(-55, -40, -16, 24, false)]
    [InlineData(LoudnessMeasure.Silence, LoudnessMeasure.Silence, -23, 0, false)]
    public void Gain_OfAMeasure_ReachesTheTarget(double integrated, double peak, double target, double gain, bool isLimited)
    {
        var loudness = LoudnessGain.For(new LoudnessMeasure(integrated, 5, peak), target);
        Assert.Equal((gain, isLimited), (loudness.Gain, loudness.IsLimited));
    }

    [Fact]
    public void Summary_OfSilence_IsRead() =>
        Assert.Equal(
            new LoudnessMeasure(-70, 0, LoudnessMeasure.Silence),
            Read("[info]   Integrated loudness:\n[info]     I:         -70.0 LUFS\n    Threshold:   0.0 LUFS\n\n  Loudness range:\n    LRA:         0.0 LU\n    Threshold:   0.0 LUFS\n  True peak:\n    Peak:        -inf dBFS\n"));

    [Theory]
    [InlineData("nothing")]
    [InlineData("I: -20.0 LUFS")]
    public void Log_WithoutASummary_IsNoMeasure(string log) => Assert.Null(Read(log));

    [Theory]
    [InlineData("0.03*sin(2*PI*300*t)+0.03*sin(2*PI*1700*t)", -23.0)]
    [InlineData("0.1*sin(2*PI*997*t)+0.7*lt(mod(t\\,1)\\,0.01)*sin(2*PI*200*t)", -14.0)]
    public async Task Sound_BroughtToATarget_IsAsLoudAsItAndBelowItsPeak(string signal, double target)
    {
        _sound.Make(EncodePlan.SourceName, $"-f lavfi -i aevalsrc={signal}|{signal}:s=48000:d=6 -c:a flac -f matroska".Split(' '));
        var options = new IngestOptions { Loudness = target.ToString(System.Globalization.CultureInfo.InvariantCulture) };
        Assert.Empty(options.Validate());
        var before = Measure(_sound.Source);
        var output = EncodedSound.Output() with { Loudness = LoudnessGain.For(before, target) };
        await _sound.PublishAsync(output, options);
        var after = Measure(_sound.Published(output));
        // Peaks that are held take some of the loudness with them.
        Assert.Equal(target, after.Integrated, output.Loudness!.IsLimited ? 1 : 0.3);
        Assert.True(after.TruePeak <= LoudnessGain.HighestPeak + 0.6, $"{after}");
    }

    [Theory]
    [InlineData("loud")]
    [InlineData("-4")]
    [InlineData("-40")]
    [InlineData("NaN")]
    public void Loudness_ThatIsNone_IsNamed(string loudness) =>
        Assert.Contains("Ingest:Loudness must be none, or a number of LUFS from -31 to -5.", new IngestOptions { Loudness = loudness }.Validate());

    [Fact]
    public void Summary_AfterWordsOfTheSource_IsWhatCounts() => Assert.Equal(
        new LoudnessMeasure(-20, 3, -2),
        Read("title: I: -5.0 LUFS\ncomment: Peak: -90.0 dBFS\n  I: -20.0 LUFS\n  LRA: 3.0 LU\n  Peak: -2.0 dBFS"));

    // The judge: ffmpeg's own measure of the file.
    private static LoudnessMeasure Measure(string path) => Read(OutsideProbe.Tool(
        "sh", "-c", "ffmpeg -hide_banner -nostdin -i \"$1\" -af ebur128=peak=true:framelog=verbose -f null - 2>&1", "sh", path))!;

    private static LoudnessMeasure? Read(string log)
    {
        var summary = new LoudnessSummary();
        foreach (var line in log.Split('\n')) summary.Take(line);
        return summary.Measure;
    }

    public void Dispose() => _sound.Dispose();
}
