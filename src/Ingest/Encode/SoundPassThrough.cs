using System.Globalization;
using Movento.Ingest.Tools;
using Movento.Packager.Presentations;

namespace Movento.Ingest.Encode;

/// <summary>
/// Which sound of a source can be a rendition as it is: AC-3 and E-AC-3, which television sets and receivers take, beside the AAC that is made of it. Pure.
/// </summary>
internal static class SoundPassThrough
{
    // Samples of an access unit: six blocks of 256, and of E-AC-3 one, two or three too (ETSI TS 102 366 §E.1.3.1.4).
    private static readonly int[] UnitLengths = [1536, 768, 512, 256];

    // E-AC-3 has no other rate that every decoder plays, and AC-3 of other rates is rare.
    private const int SampleRate = 48_000;

    // What an encoder puts before the beginning, and an edit list hides: less than an access unit.
    private const long MostPriming = 1536;

    private const long Rounding = SampleRate / 1000;

    // As far as the ear does not tell that lips move before it (ITU-R BT.1359); an access unit is 32 ms. What begins later would leave a hole at zero.
    private static readonly TimeSpan LatestStart = TimeSpan.FromMilliseconds(40);

    // What renditions of one film may differ by in length (RFC 8216bis §6.2.4), as for the sound that is encoded.
    private static readonly TimeSpan LargestDifference = TimeSpan.FromSeconds(0.5);

    /// <summary>The renditions that it would be, by their headers alone; none where a loudness is wanted, which only an encode can give it.</summary>
    public static IReadOnlyList<AudioOutput> CandidatesOf(EncodePlan plan, IngestOptions options) =>
        !options.PassDolby || options.LoudnessTarget is not null || !plan.Facts.IsSeekable ? [] :
        [
            .. plan.Audio.Where(output => output.Channels <= 2 && output.Track is { Codec: "ac3" or "eac3", SampleRate: SampleRate }).Select(output => output with
            {
                Id = $"{output.Id}-{output.Track.Codec}", Codec = output.Track.Codec, Channels = output.Track.Channels, IsDefault = false,
            }),
        ];

    /// <summary>Everything after ffmpeg's name that takes them out of a source: each into an MP4 file of its own.</summary>
    /// <param name="outputs">Of <see cref="CandidatesOf"/>.</param>
    /// <param name="source">The name of the source.</param>
    /// <param name="options">The bounds of untrusted input.</param>
    public static IReadOnlyList<string> Arguments(IReadOnlyList<AudioOutput> outputs, string source, IngestOptions options) =>
    [
        "-hide_banner", "-nostdin", "-nostats", "-loglevel", "level+warning",
        .. UntrustedInput.Arguments(source, options.MaxPixels),
        .. outputs.SelectMany(output => (string[])
        [
            "-map", string.Create(CultureInfo.InvariantCulture, $"0:{output.Track.Stream}"), "-c", "copy",
            "-map_metadata", "-1", "-map_chapters", "-1", "-fflags", "+bitexact", "-f", "mp4", "-y", $"file:{FileName(output)}",
        ]),
    ];

    /// <summary>The id of the rendition that is encoded of the same track.</summary>
    public static string BesideOf(AudioOutput output) => output.Id[..^(output.Codec.Length + 1)];

    /// <summary>The name of an output's file.</summary>
    public static string FileName(AudioOutput output) => $"{output.Id}.passed";

    /// <summary>Whether what came out is heard from the film's beginning to its end without a hole, as the rendition that was encoded of the same track is.</summary>
    /// <param name="passed">What was packaged of it.</param>
    /// <param name="encoded">What was packaged of the encode.</param>
    public static bool IsWhole(Rendition passed, Rendition encoded)
    {
        var first = passed.Segments[0].Start;
        var ticks = passed.End - first;
        return passed.Timescale == SampleRate
            && first > -MostPriming && first <= LatestStart.TotalSeconds * SampleRate
            // With a hole it would last longer than its units do. Shorter by its priming, and by as much as a container's clock rounds.
            && UnitLengths.Any(length => passed.SampleCount * length - ticks is >= -Rounding and <= MostPriming + Rounding)
            && (passed.Duration - encoded.Duration).Duration() <= LargestDifference;
    }
}
