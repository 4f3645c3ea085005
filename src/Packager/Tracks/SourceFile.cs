using System.Collections.Immutable;
using Movento.Packager.Cmaf;
using Movento.Packager.IsoBmff;
using Movento.Packager.Presentations;

namespace Movento.Packager.Tracks;

/// <summary>Reads the headers of an MP4 file, progressive or fragmented, from a seekable stream; the media data is only stepped over.</summary>
public static class SourceFile
{
    /// <summary>More than the tables of <see cref="SampleList.MaxCount"/> samples need in two tracks.</summary>
    public const int MaxMovieSize = 256 << 20;

    /// <summary>A fragment of a million samples has less.</summary>
    public const int MaxMovieFragmentSize = 16 << 20;

    /// <summary>Reads the first track of a kind, or the one with an id.</summary>
    /// <exception cref="MediaFormatException">The file is not whole, has no such track, or the track cannot be packaged.</exception>
    public static async Task<SourceTrack> ReadTrackAsync(
        Stream source, TrackKind kind, uint? trackId, CancellationToken cancellationToken)
    {
        var track = new SourceTrack(source.Length);
        try
        {
            await ReadAsync(source, kind, trackId, track, cancellationToken).ConfigureAwait(false);
            if (kind == TrackKind.Video)
                await SyncSamples.VerifyAsync(source, track, cancellationToken).ConfigureAwait(false);
            return track;
        }
        catch
        {
            track.Dispose();
            throw;
        }
    }

    /// <summary>
    /// Lists what the file has. Every track is read as it would be for packaging, one after another, so that what is said of it is measured and a
    /// track that cannot be packaged says why.
    /// </summary>
    /// <param name="source">Progressive or fragmented MP4, seekable.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    /// <exception cref="MediaFormatException">The file itself is broken, so that not even its tracks can be told.</exception>
    public static async Task<SourceOutline> ReadOutlineAsync(Stream source, CancellationToken cancellationToken)
    {
        var tracks = await ReadTracksAsync(source, cancellationToken).ConfigureAwait(false);
        var outlined = ImmutableArray.CreateBuilder<OutlinedTrack>(tracks.Length);
        foreach (var track in tracks)
            outlined.Add(await JudgeAsync(source, track, cancellationToken).ConfigureAwait(false));
        return new SourceOutline(outlined.MoveToImmutable());
    }

    private static async Task<ImmutableArray<OutlinedTrack>> ReadTracksAsync(Stream source, CancellationToken cancellationToken)
    {
        var boxes = new TopLevelBoxes(source);
        while (await boxes.MoveNextAsync(cancellationToken).ConfigureAwait(false))
        {
            if (boxes.Type != BoxType.Moov)
                continue;
            using var moov = await boxes.LoadAsync(MaxMovieSize, cancellationToken).ConfigureAwait(false);
            return MovieOutline.Read(moov.Open());
        }

        throw NoMovie(source);
    }

    private static async Task<OutlinedTrack> JudgeAsync(Stream source, OutlinedTrack outlined, CancellationToken cancellationToken)
    {
        if (outlined.Kind is not { } kind)
        {
            return outlined with
            {
                Refusal = new MediaFormatException(
                    MediaFormatError.Unsupported, "moov/trak/mdia/hdlr", 0, $"A track of the handler '{outlined.Handler}' is no picture, sound or subtitle."),
            };
        }

        try
        {
            using var track = await ReadTrackAsync(source, kind, outlined.TrackId, cancellationToken).ConfigureAwait(false);
            var timeline = TrackTimeline.Resolve(track, kind);
            return outlined with
            {
                Codecs = track.Entry!.Codecs,
                Duration = timeline.DurationIn(track.Media.Timescale),
                Video = track.Entry.Video is { } video ? video with { FrameRate = MeasuredFrameRate.Of(track) } : null,
                Audio = track.Entry.Audio,
            };
        }
        catch (MediaFormatException refusal)
        {
            return outlined with { Refusal = refusal };
        }
    }

    private static MediaFormatException NoMovie(Stream source) => new(MediaFormatError.Missing, "", source.Length, "There is no moov box.");

    private static async Task ReadAsync(Stream source, TrackKind kind, uint? trackId, SourceTrack track, CancellationToken cancellationToken)
    {
        var hasMovie = false;
        var boxes = new TopLevelBoxes(source);
        while (await boxes.MoveNextAsync(cancellationToken).ConfigureAwait(false))
        {
            if (boxes.Type == BoxType.Moov && !hasMovie)
            {
                using var moov = await boxes.LoadAsync(MaxMovieSize, cancellationToken).ConfigureAwait(false);
                MovieReader.Read(moov.Open(), kind, trackId, track);
                hasMovie = true;
            }
            else if (boxes.Type == BoxType.Moof)
            {
                if (!hasMovie)
                    throw boxes.Error(MediaFormatError.Missing, "A movie fragment stands before the movie.");
                using var moof = await boxes.LoadAsync(MaxMovieFragmentSize, cancellationToken).ConfigureAwait(false);
                MovieFragmentReader.Read(moof.Open(), boxes.Offset, track);
            }
        }

        if (!hasMovie)
            throw NoMovie(source);
    }
}
