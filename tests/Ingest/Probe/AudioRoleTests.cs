using Movento.Ingest.Probe;
using Movento.Packager.Presentations;

namespace Movento.Ingest.Tests.Probe;

public sealed class AudioRoleTests
{
    [Theory]
    [InlineData("comment", null, TrackRole.Commentary)]
    [InlineData("visual_impaired", null, TrackRole.Description)]
    [InlineData("descriptions", null, TrackRole.Description)]
    [InlineData("dub", null, TrackRole.Dub)]
    [InlineData("default", "Director's Commentary", TrackRole.Commentary)]
    [InlineData("default", "English (Audio Description)", TrackRole.Description)]
    [InlineData("default", "Kommentarlos", TrackRole.None)]
    [InlineData("default", "Stereo", TrackRole.None)]
    [InlineData("default", null, TrackRole.None)]
    public void Track_MarkedOrCalled_HasItsRole(string disposition, string? title, TrackRole role) => Assert.Equal(role, AudioRole.Of(Sound(0, title, disposition)));

    [Fact]
    public void Film_WhoseCommentaryIsMarkedDefaultToo_BeginsWithItsOwnSound()
    {
        var facts = FactsReader.Read(
            new FfprobeReport([Sound(0, "Commentary", "default"), Sound(1, null, "dub"), Sound(2, null, "default")], new FfprobeFormat("matroska", "1", "0")), new IngestOptions());
        Assert.Equal([2, 1, 0], facts.Audio.Select(track => track.Stream));
        Assert.Equal([TrackRole.None, TrackRole.Dub, TrackRole.Commentary], facts.Audio.Select(track => track.Role));
    }

    private static FfprobeStream Sound(int index, string? title, string disposition) => new()
    {
        Index = index, CodecType = "audio", CodecName = "aac", SampleRate = "48000", Channels = 2, NbReadPackets = "1", Duration = "1",
        Disposition = new() { [disposition] = 1 }, Tags = title is null ? null : new() { ["title"] = title },
    };
}
