using Movento.Ingest.Probe;

namespace Movento.Ingest.Encode;

/// <summary>One audio rendition to make: which track, under which id, and what a menu calls it.</summary>
/// <param name="Id"><c>a{index}</c> for one or two channels, <c>a{index}-surround</c> for 5.1 of the same track.</param>
/// <param name="Track">What it is made of.</param>
/// <param name="Channels">Of the rendition.</param>
/// <param name="SampleRate">Of the rendition, samples a second.</param>
/// <param name="Bitrate">Bits a second.</param>
/// <param name="Name">In a menu.</param>
/// <param name="IsDefault">Whether a player takes it unasked.</param>
internal sealed record AudioOutput(string Id, AudioFacts Track, int Channels, int SampleRate, int Bitrate, string Name, bool IsDefault)
{
    /// <summary>The speakers, as ffmpeg names them: <c>mono</c>, <c>stereo</c> or <c>5.1</c>.</summary>
    public string Layout { get; init; } = "stereo";

    /// <summary>The encoder, as ffmpeg names it: <c>aac</c> or <c>eac3</c>.</summary>
    public string Codec { get; init; } = "aac";

    /// <summary>Whether channels are added up, so that the sum may be louder than full scale.</summary>
    public bool IsMixed { get; init; }

    /// <summary>Whether nobody knows what the channels are: then the first two are left and right, as in the masters that have many.</summary>
    public bool IsOfFirstTwo { get; init; }

    /// <summary>How loud it is and what is done about it; null for nothing.</summary>
    public LoudnessGain? Loudness { get; init; }
}
