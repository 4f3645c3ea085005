using System.Globalization;

namespace Movento.Ingest.Encode;

/// <summary>How ffmpeg encodes a track of sound. Pure.</summary>
internal static class AudioArguments
{
    // Silence where the source has gaps, and from time zero on, so that sound stays with the pictures. Steps of more than 20 ms (an access unit) at
    // once, smaller ones by resampling, which must run from the start: a resampler that swr_set_compensation begins later starts its clock anew and puts
    // all the silence before it in again (ffmpeg 5.1: three seconds for a gap of 100 ms at three seconds).
    private const string OnTime = "aresample=async=1000:min_hard_comp=0.02:flags=res:first_pts=0";

    // -1 dB of full scale, where encoders do not clip yet; level: it would make everything as loud as that; latency: else the sound came 5 ms late.
    private const string Limiter = "alimiter=limit=0.891:attack=5:release=50:level=false:latency=true";

    // The peaks between the samples count too (ITU-R BS.1770-4 Annex 2: four times 48 kHz).
    private const string TruePeakLimiter = $"aresample=192000,{Limiter}";

    /// <summary>The filters, the encoder and everything that it is told: what stands between <c>-map</c> and the file.</summary>
    /// <param name="output">What is made.</param>
    /// <param name="until">The film time up to which silence follows sound that ends before it; null for none.</param>
    public static IEnumerable<string> For(AudioOutput output, TimeSpan? until = null) =>
    [
        "-af", until is { } end ? string.Create(CultureInfo.InvariantCulture, $"{Filters(output)},apad=whole_dur={end.TotalSeconds:0.######}") : Filters(output),
        "-c:a", output.Codec, "-b:a", Text(output.Bitrate), "-ac", Text(output.Channels), "-ar", Text(output.SampleRate),
    ];

    /// <summary>What an output sounds like before anything is done about its loudness.</summary>
    private static string MixFilters(AudioOutput output)
    {
        // ITU-R BS.775-3 Table 2: the centre and the surrounds at -3 dB, the low frequencies left out; ffmpeg's own matrix, in floating point, where it
        // does not make everything quieter in case that all speak at once. 7.1 to 5.1: the side speakers at -3 dB into those behind.
        var first = output.IsOfFirstTwo ? "pan=stereo|c0=c0|c1=c1," : "";
        return $"{first}{OnTime},aformat=sample_fmts=dbl:channel_layouts={output.Layout}";
    }

    /// <summary>
    /// The filters that measure how loud the mix is (EBU R 128), told at their end; see <see cref="LoudnessSummary"/>.
    /// </summary>
    public static string Measure(AudioOutput output)
    {
        // One channel is played by two speakers: it is 3 LU louder than BS.1770 says of it alone. 48: what is told of every tenth of a second is kept back.
        var mono = output.Channels == 1 ? ":dualmono=true" : "";
        return $"{MixFilters(output)},ebur128=peak=true:framelog=48{mono}";
    }

    private static string Filters(AudioOutput output)
    {
        var filters = MixFilters(output);
        if (output.Loudness is { } loudness)
        {
            if (loudness.Gain != 0) filters += string.Create(CultureInfo.InvariantCulture, $",volume={loudness.Gain:0.##}dB:precision=double");
            return loudness.IsLimited ? $"{filters},{TruePeakLimiter}" : filters;
        }
        return output.IsMixed ? $"{filters},{Limiter}" : filters;
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
