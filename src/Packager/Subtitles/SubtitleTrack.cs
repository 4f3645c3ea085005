using System.Collections.Immutable;
using Movento.Packager.Presentations;
using Movento.Packager.Tracks;

namespace Movento.Packager.Subtitles;

/// <summary>Subtitles, whatever they were read from: WebVTT, SubRip, or a text track of an MP4 file.</summary>
public sealed record SubtitleTrack
{
    /// <summary>In the order of their starts; those with one start in the order of the source.</summary>
    public required ImmutableArray<Cue> Cues { get; init; }

    /// <summary>STYLE and REGION blocks (W3C WebVTT §4.1), each without a blank line in it.</summary>
    public ImmutableArray<string> Blocks { get; init; } = [];

    /// <summary>How many cues of the source could not be read, or are never shown because they end when they begin.</summary>
    public int Skipped { get; init; }

    /// <summary>
    /// Reads subtitles from a seekable stream and recognises what they are: an MP4 file with a text track (<c>tx3g</c> or <c>wvtt</c>), WebVTT, which
    /// begins with its name, or else SubRip. Text is UTF-8, with or without a byte order mark.
    /// </summary>
    /// <param name="source">Seekable.</param>
    /// <param name="trackId">The track_ID of the MP4's track to take in place of the first one of text.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    /// <exception cref="MediaFormatException">It is none of these, not UTF-8, or above <see cref="SubtitleLimits"/>; with the offset of the byte.</exception>
    public static async Task<SubtitleTrack> ReadAsync(Stream source, uint? trackId, CancellationToken cancellationToken)
    {
        if (!source.CanSeek)
            throw new ArgumentException("The source cannot seek.", nameof(source));
        var beginning = new byte[8];
        source.Position = 0;
        var read = await source.ReadAtLeastAsync(beginning, beginning.Length, throwOnEndOfStream: false, cancellationToken).ConfigureAwait(false);
        if (read == 8 && IsMovie(beginning.AsSpan(4)))
        {
            using var track = await SourceFile.ReadTrackAsync(source, TrackKind.Text, trackId, cancellationToken).ConfigureAwait(false);
            return await TextTrackReader.ReadAsync(track, source, cancellationToken).ConfigureAwait(false);
        }

        if (source.Length > SubtitleLimits.MaxSize)
            throw new MediaFormatException(MediaFormatError.TooLarge, "", 0, $"The text has {source.Length} bytes; at most {SubtitleLimits.MaxSize} are read.");
        var text = new byte[source.Length];
        source.Position = 0;
        await source.ReadExactlyAsync(text, cancellationToken).ConfigureAwait(false);
        return Read(text);
    }

    /// <summary>Reads WebVTT, which begins with its name, or else SubRip.</summary>
    /// <exception cref="MediaFormatException">It is not UTF-8, holds no cue, or is above <see cref="SubtitleLimits"/>; with the offset of the byte.</exception>
    public static SubtitleTrack Read(ReadOnlySpan<byte> text) => WebVttReader.IsWebVtt(text) ? WebVttReader.Read(text) : SubRipReader.Read(text);

    private static bool IsMovie(ReadOnlySpan<byte> type) =>
        type.SequenceEqual("ftyp"u8) || type.SequenceEqual("moov"u8) || type.SequenceEqual("mdat"u8) || type.SequenceEqual("free"u8)
        || type.SequenceEqual("skip"u8) || type.SequenceEqual("wide"u8) || type.SequenceEqual("styp"u8);
}
