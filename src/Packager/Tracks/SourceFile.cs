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
            return track;
        }
        catch
        {
            track.Dispose();
            throw;
        }
    }

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
            throw new MediaFormatException(MediaFormatError.Missing, "", source.Length, "There is no moov box.");
    }
}
