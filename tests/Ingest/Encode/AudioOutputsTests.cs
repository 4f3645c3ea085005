using Movento.Ingest.Encode;
using Movento.Ingest.Probe;
using Movento.Packager.Presentations;

namespace Movento.Ingest.Tests.Encode;

public sealed class AudioOutputsTests
{
    [Theory]
    // channels, layout, rate → id:channels layout rate codec mixed
    [InlineData(1, "mono", 48_000, "a0:1 mono 48000 aac")]
    [InlineData(2, "stereo", 44_100, "a0:2 stereo 44100 aac")]
    [InlineData(2, null, 22_050, "a0:2 stereo 48000 aac")]
    [InlineData(3, "2.1", 48_000, "a0:2 stereo 48000 aac mixed|a0-surround:6 5.1 48000 aac")]
    [InlineData(6, "5.1(side)", 48_000, "a0:2 stereo 48000 aac mixed|a0-surround:6 5.1 48000 aac")]
    [InlineData(6, null, 44_100, "a0:2 stereo 44100 aac mixed|a0-surround:6 5.1 44100 aac")]
    [InlineData(8, "7.1", 96_000, "a0:2 stereo 48000 aac mixed|a0-surround:6 5.1 48000 aac mixed")]
    [InlineData(16, "hexadecagonal", 48_000, "a0:2 stereo 48000 aac mixed|a0-surround:6 5.1 48000 aac mixed")]
    [InlineData(12, null, 48_000, "a0:2 stereo 48000 aac mixed first-two")]
    public void Track_OfSomeChannels_BecomesStereoAndSurround(int channels, string? layout, int rate, string expected) =>
        Assert.Equal(expected, Said(AudioOutputs.For([Track(0, channels, rate) with { Layout = layout }], new IngestOptions())));

    [Fact]
    public void Surround_NotWanted_IsNotMade() =>
        Assert.Equal("a0:2 stereo 48000 aac mixed", Said(AudioOutputs.For([Track(0, 6)], new IngestOptions { Surround = false })));

    [Fact]
    public void Surround_InDolbyDigitalPlus_HasItsRate() =>
        Assert.Equal("a0:2 stereo 44100 aac mixed|a0-surround:6 5.1 48000 eac3",
            Said(AudioOutputs.For([Track(0, 6, 44_100)], new IngestOptions { SurroundCodec = "eac3" })));

    [Fact]
    public void Tracks_OfAFilm_HaveNamesOfTheirOwnSharedByTheirTwoRenditions()
    {
        var outputs = AudioOutputs.For(
            [
                Track(1, 6) with { Language = "en" }, Track(2, 2) with { Language = "en", Role = TrackRole.Commentary },
                Track(3, 2) with { Language = "en", Role = TrackRole.Description }, Track(4, 6) with { Language = "de" }, Track(5, 2) with { Language = "de" },
                Track(6, 2) with { Title = "Director" }, Track(7, 2),
            ],
            new IngestOptions());
        Assert.Equal(
            ["a0 English default", "a1 English (commentary)", "a2 English (audio description)", "a3 Deutsch", "a4 Deutsch 2", "a5 Director", "a6 Audio 7",
             "a0-surround English", "a3-surround Deutsch"],
            outputs.Select(output => $"{output.Id} {output.Name}{(output.IsDefault ? " default" : "")}"));
    }

    private static string Said(IEnumerable<AudioOutput> outputs) => string.Join('|', outputs.Select(output =>
        $"{output.Id}:{output.Channels} {output.Layout} {output.SampleRate} {output.Codec}{(output.IsMixed ? " mixed" : "")}{(output.IsOfFirstTwo ? " first-two" : "")}"));

    private static AudioFacts Track(int stream, int channels, int rate = 48_000) =>
        new() { Stream = stream, Codec = "flac", SampleRate = rate, Channels = channels };
}
