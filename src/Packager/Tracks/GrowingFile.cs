using Movento.Packager.IsoBmff;
using Movento.Packager.Presentations;

namespace Movento.Packager.Tracks;

/// <summary>Reads a fragmented MP4 file that another process still writes: what has come to it since the last time, as far as its boxes are whole.</summary>
internal static class GrowingFile
{
    /// <summary>Reads the movie's headers, then the fragments from a position on.</summary>
    /// <param name="source">The file from its first byte.</param>
    /// <param name="position">Where the last reading ended; 0 for the first one.</param>
    /// <param name="kind">Which track: the first of this kind.</param>
    /// <param name="isWhole">Whether the file ends where it ends now; half a box is an error then.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    /// <returns>The track with the samples since the position, null where the movie's headers are not there yet; and where to go on.</returns>
    public static async Task<(SourceTrack? Track, long Position)> ReadAsync(
        Stream source, long position, TrackKind kind, bool isWhole, CancellationToken cancellationToken)
    {
        var track = new SourceTrack(source.Length);
        try
        {
            var boxes = new TopLevelBoxes(source) { MayEndAnywhere = !isWhole };
            var (hasMovie, end) = (false, position);
            while (await boxes.MoveNextAsync(cancellationToken).ConfigureAwait(false))
            {
                if (boxes.Type == BoxType.Moov && !hasMovie)
                {
                    using var moov = await boxes.LoadAsync(SourceFile.MaxMovieSize, cancellationToken).ConfigureAwait(false);
                    MovieReader.Read(moov.Open(), kind, null, track);
                    if (track.Samples.Count > 0)
                        throw boxes.Error(MediaFormatError.Unsupported, "Samples of a file that grows lie in its fragments alone.");
                    hasMovie = true;
                    if (position > boxes.Offset + boxes.Size)
                        boxes.MoveTo(position);
                }
                else if (boxes.Type == BoxType.Moof && hasMovie)
                {
                    var moofOffset = boxes.Offset;
                    using var moof = await boxes.LoadAsync(SourceFile.MaxMovieFragmentSize, cancellationToken).ConfigureAwait(false);
                    // Its samples must be there too: they lie in the box after it.
                    if (!await boxes.MoveNextAsync(cancellationToken).ConfigureAwait(false))
                        break;
                    MovieFragmentReader.Read(moof.Open(), moofOffset, track);
                }

                if (hasMovie)
                    end = Math.Max(end, boxes.Offset + boxes.Size);
            }

            if (hasMovie)
                return (track, end);
            if (isWhole)
                throw new MediaFormatException(MediaFormatError.Missing, "", source.Length, "There is no moov box.");
            track.Dispose();
            return (null, position);
        }
        catch
        {
            track.Dispose();
            throw;
        }
    }
}
