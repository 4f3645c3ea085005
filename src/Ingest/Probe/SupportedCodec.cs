using System.Collections.Frozen;

namespace Movento.Ingest.Probe;

/// <summary>The codecs that an upload may have, and the decoders that may see it: a decoder that nobody needs is only attack surface.</summary>
internal static class SupportedCodec
{
    /// <summary>Names of video codecs, as ffprobe gives them.</summary>
    public static FrozenSet<string> Video { get; } = FrozenSet.Create(
        "h264", "hevc", "av1", "vp8", "vp9", "mpeg1video", "mpeg2video", "mpeg4", "msmpeg4v3", "h263", "flv1", "vp6f", "prores", "dnxhd", "cfhd",
        "mjpeg", "dvvideo", "theora", "vc1", "wmv1", "wmv2", "wmv3", "ffv1", "huffyuv", "utvideo", "rawvideo", "v210", "qtrle", "svq3");

    /// <summary>Names of audio codecs, as ffprobe gives them.</summary>
    public static FrozenSet<string> Audio { get; } = FrozenSet.Create(
        "aac", "mp3", "mp2", "mp1", "ac3", "eac3", "dts", "truehd", "mlp", "opus", "vorbis", "flac", "alac", "wmav1", "wmav2", "wmapro",
        "amr_nb", "amr_wb", "adpcm_ima_wav", "adpcm_ima_qt", "adpcm_ms", "nellymoser", "speex", "s302m",
        "pcm_s8", "pcm_u8", "pcm_s16le", "pcm_s16be", "pcm_s24le", "pcm_s24be", "pcm_s32le", "pcm_s32be",
        "pcm_f32le", "pcm_f32be", "pcm_f64le", "pcm_f64be", "pcm_alaw", "pcm_mulaw", "pcm_bluray", "pcm_dvd");

    /// <summary>Names of codecs of subtitles that are text, as ffprobe gives them; those that are pictures cannot become WebVTT.</summary>
    public static FrozenSet<string> Subtitles { get; } = FrozenSet.Create("subrip", "mov_text", "webvtt", "ass", "ssa", "text");

    // Codecs whose decoders have other names than they.
    private static readonly string[] OtherNames =
        ["libdav1d", "libaom-av1", "msmpeg4", "flv", "mp3float", "mp2float", "mp1float", "dca", "libopus", "libspeex", "amrnb", "amrwb", "aac_latm"];

    /// <summary>Names of decoders of subtitles: each has its codec's, and SubRip's an older one too.</summary>
    public static IEnumerable<string> SubtitleDecoders => Subtitles.Append("srt").Order(StringComparer.Ordinal);

    /// <summary>Names of decoders of pictures and sound.</summary>
    public static IEnumerable<string> Decoders => Video.Concat(Audio).Concat(OtherNames).Order(StringComparer.Ordinal);
}
