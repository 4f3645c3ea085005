using System.Globalization;

namespace Movento.Ingest.Tools;

/// <summary>
/// The options that stand before every input of ffmpeg and ffprobe. A file of four lines can call itself MP4 and be a playlist
/// that makes ffmpeg read other files or open connections; only a list of demuxers stops all of them (a list of protocols does
/// not: the files beside the input stay readable).
/// </summary>
internal static class UntrustedInput
{
    /// <summary>Demuxers by name; none of them follows a reference to another file. mov: enable_drefs is off by default.</summary>
    public const string Demuxers = "mov,matroska,mpegts,mpeg,mpegvideo,flv,avi,asf,mxf,ogg,wav,w64,aiff,caf,flac,mp3,aac,ac3,eac3,amr";

    /// <summary>The most tracks of a file, of all kinds; a demuxer stops at one more.</summary>
    public const int MaxTracks = 256;

    private static readonly string Decoders = string.Join(',', Probe.SupportedCodec.Decoders);
    private static readonly string SubtitleDecoders = string.Join(',', Probe.SupportedCodec.SubtitleDecoders);

    /// <summary>The options and <c>-i</c> of the file <paramref name="name"/> in the tool's own folder.</summary>
    public static IEnumerable<string> Arguments(string name, long maxPixels) =>
    [
        "-protocol_whitelist", "file",
        "-format_whitelist", Demuxers,
        "-max_streams", MaxTracks.ToString(CultureInfo.InvariantCulture),
        "-max_pixels", maxPixels.ToString(CultureInfo.InvariantCulture),
        "-i", $"file:{name}",
    ];

    /// <summary>
    /// As <see cref="Arguments"/>, and no decoder sees the file but those of <see cref="Probe.SupportedCodec"/>. Not for ffprobe, which
    /// gives up on the whole file where one track, a subtitle say, has a codec that is not on the list.
    /// </summary>
    public static IEnumerable<string> DecodingArguments(string name, long maxPixels) =>
        ["-codec_whitelist", Decoders, .. Arguments(name, maxPixels)];

    /// <summary>
    /// As <see cref="DecodingArguments"/>, and the decoders of subtitles. Those of pictures stay allowed, though nothing is decoded by them: without them
    /// ffmpeg does not learn when the pictures begin, and counts every time from the first subtitle instead of from the film's start.
    /// </summary>
    public static IEnumerable<string> SubtitleArguments(string name, long maxPixels) =>
        ["-codec_whitelist", $"{Decoders},{SubtitleDecoders}", .. Arguments(name, maxPixels)];
}
