using Movento.Ingest.Ladder;
using Movento.Ingest.Probe;
using Movento.Packager.Presentations;

namespace Movento.Ingest.Encode;

/// <summary>
/// How much memory a run of ffmpeg takes that decodes once and encodes some rungs: the pictures that its decoder, its filters and its encoders hold at the same
/// time. Reckoned from what they allocate and measured with ffmpeg 5.1 on pictures that move; rather too much than too little. Pure.
/// </summary>
internal static class EncodeMemory
{
    // The executable, its libraries and heap, whatever the pictures are.
    private const long Base = 48L << 20;

    // A decoder's references (as many as the level of H.264 allows at that size come to about this), those on their way through the filters, and one a thread.
    private const int DecoderPictures = 8;

    // Of each encoder, whatever its pictures are.
    private const long EncoderBase = 12L << 20;

    // Of each rung between scaler and encoder.
    private const int ScaledPictures = 3;

    // The wide range is made small in floating point, three planes of it, in four filters that keep a picture each.
    private const int ToneMapBytes = 4 * 3 * sizeof(float);

    /// <summary>In bytes of resident memory.</summary>
    /// <param name="video">The source's track.</param>
    /// <param name="ladder">The rungs to encode.</param>
    /// <param name="threads">Of the decoder and of each encoder.</param>
    /// <param name="options">The encoders' presets.</param>
    public static long Of(VideoFacts video, EncodingLadder ladder, int threads, IngestOptions options)
    {
        var pixels = (long)video.Width * video.Height;
        var bytes = Base + (long)((DecoderPictures + threads) * pixels * BytesPerPixel(video.PixelFormat));
        if (video.IsHighDynamicRange && ladder.Rungs.Any(rung => rung.Range == VideoRange.Sdr)) bytes += pixels * ToneMapBytes;
        return bytes + ladder.Rungs.Sum(rung => Of(rung, threads, options));
    }

    private static long Of(Rung rung, int threads, IngestOptions options)
    {
        var encoder = rung.Codec switch
        {
            VideoCodec.Hevc => X265(options.X265Preset, threads, rung.IsTenBit),
            VideoCodec.Av1 => SvtAv1(options.SvtAv1Preset, threads, rung.IsTenBit),
            _ => X264(options.X264Preset, threads),
        };
        return EncoderBase + (long)((double)rung.Width * rung.Height * (ScaledPictures * (rung.IsTenBit ? 3 : 1.5) + encoder));
    }

    // Bytes a pixel. Pictures that wait (lookahead, four to be sorted and one a thread; with several threads the lookahead has one of its own, and more of them),
    // each with a copy at a quarter of the size in four phases (common/frame.c of x264); and references, with three planes more of what lies between samples.
    // Measured at 1080p with one thread: superfast 50, veryfast 71, faster 102, medium 165, slow 201; at 2160p veryfast with one, two and three: 68, 92, 99.
    private static double X264(string preset, int threads)
    {
        var (lookahead, references) = preset switch
        {
            "ultrafast" => (0, 1),
            "superfast" => (3, 1),
            "veryfast" => (10, 1),
            "faster" => (20, 2),
            "fast" => (30, 2),
            "medium" => (40, 3),
            "slow" => (50, 5),
            "slower" => (60, 8),
            _ => (60, 16),
        };
        return (lookahead + threads + 4) * 2.9 + (references + threads + 3) * 4.8 + (threads > 1 ? 16 : 0) + 2 * threads;
    }

    // Measured at 1080p with one thread: veryfast 163, in ten bits 267; medium 188. Lookahead: source/common/param.cpp of x265.
    private static double X265(string preset, int threads, bool isTenBit)
    {
        var lookahead = preset switch
        {
            "ultrafast" => 5,
            "superfast" => 10,
            "veryfast" or "faster" or "fast" => 15,
            "medium" => 20,
            "slow" => 25,
            _ => 40,
        };
        return (lookahead + 17 + threads) * 5 * (isTenBit ? 1.65 : 1);
    }

    // Measured at 1080p with one thread: preset 10 172, in ten bits 222; preset 6 190.
    private static double SvtAv1(int preset, int threads, bool isTenBit) => ((preset < 8 ? 190 : 172) + 10 * (threads - 1)) * (isTenBit ? 1.3 : 1);

    // As ffmpeg names pixel formats: "yuv422p10le", "gbrp", "nv12".
    private static double BytesPerPixel(string format)
    {
        var samples = format.Contains("420", StringComparison.Ordinal) || format.StartsWith("nv", StringComparison.Ordinal) || format.StartsWith("p0", StringComparison.Ordinal) ? 1.5
            : format.Contains("422", StringComparison.Ordinal) ? 2
            : format.StartsWith("gray", StringComparison.Ordinal) ? 1
            : format.Contains('a', StringComparison.Ordinal) ? 4 : 3;
        var isDeep = format.EndsWith("le", StringComparison.Ordinal) || format.EndsWith("be", StringComparison.Ordinal);
        return isDeep ? 2 * samples : samples;
    }
}
