using System.Collections.Frozen;

namespace Movento.Ingest;

/// <summary>A rejection as everybody reads it (docs/formats/http-api.md).</summary>
/// <param name="Code">Stable and machine-readable.</param>
/// <param name="Message">One sentence for a person: what is wrong.</param>
/// <param name="Hint">One sentence for a person: what would help.</param>
public sealed record Rejection(string Code, string Message, string Hint)
{
    private static readonly FrozenDictionary<RejectionReason, Rejection> Table = new Dictionary<RejectionReason, Rejection>
    {
        [RejectionReason.NotMedia] = new("not_media",
            "The file is not a video or audio file.",
            "Upload an MP4, MOV, MKV, WebM, MPEG-TS, AVI, MXF or a common audio file; playlists and pictures are not accepted."),
        [RejectionReason.Truncated] = new("truncated",
            "The file is cut off: it ends before its own index says it does, or the index is missing.",
            "Export or copy the file again, and compare its size with the original's."),
        [RejectionReason.NoTracks] = new("no_tracks",
            "The file holds neither pictures nor sound.",
            "Check that the export contains a video or an audio track."),
        [RejectionReason.UnsupportedCodec] = new("unsupported_codec",
            "The file's pictures or its sound are in a codec that is not supported.",
            "Export the film as H.264, HEVC, ProRes, VP9 or AV1 with AAC, PCM, AC-3, Opus or FLAC."),
        [RejectionReason.TooLarge] = new("too_large",
            "The file has more bytes than an upload may have.",
            "Export it at a lower bitrate, or cut it into parts."),
        [RejectionReason.TooLong] = new("too_long",
            "The film is longer than an asset may be.",
            "Cut it into parts."),
        [RejectionReason.TooManyPixels] = new("too_many_pixels",
            "The film's pictures are larger than a track may have them.",
            "Export it at a smaller picture size."),
        [RejectionReason.TooManyTracks] = new("too_many_tracks",
            "The file has more tracks than a film may have.",
            "Export it with its pictures, and only the sound and the subtitles that viewers choose from."),
        [RejectionReason.ImplausibleTiming] = new("implausible_timing",
            "The file's times cannot be right: a few pictures would stand for hours.",
            "Export the film again with a constant frame rate."),
        [RejectionReason.Damaged] = new("damaged",
            "The file is damaged inside: parts of its pictures or its sound cannot be read.",
            "Play the file from start to end to find the damage, copy or export it again, and compare its size with the original's."),
        [RejectionReason.PicturesEndEarly] = new("pictures_end_early",
            "The film's pictures end long before its sound does.",
            "Export it with pictures for all of its sound, or cut the sound where the pictures end."),
        [RejectionReason.EncodeFailed] = new("encode_failed",
            "The film could not be encoded completely.",
            "Play the file from start to end to find damage, export it again, and upload the new file."),
        [RejectionReason.NotConformant] = new("not_conformant",
            "The packaged film would not play everywhere: it does not pass the conformance gate.",
            "Nothing is wrong with the upload itself; tell the operator, whose log names the rule and the place."),
        [RejectionReason.TimedOut] = new("timed_out",
            "Processing the film took longer than it may.",
            "Export it at a smaller picture size or frame rate, or cut it into parts."),
    }.ToFrozenDictionary();

    /// <summary>The words of a reason.</summary>
    /// <param name="reason">The verdict.</param>
    /// <param name="note">More of it, of this film; null for nothing.</param>
    public static Rejection Of(RejectionReason reason, string? note = null) =>
        note is null ? Table[reason] : Table[reason] with { Message = $"{Table[reason].Message} {note}" };
}
