using System.Collections.Immutable;
using Movento.Packager.Cmaf;
using Movento.Packager.Presentations;

namespace Movento.Packager.Tracks;

/// <summary>When the pictures of an MP4 file are shown: what a chunk is judged by before it is joined with others.</summary>
/// <param name="Timescale">Ticks a second of every time here.</param>
/// <param name="Times">Of every picture, in the order in which they are shown.</param>
/// <param name="SyncTimes">Of the pictures at which decoding can begin.</param>
/// <param name="End">When the last picture ends.</param>
public sealed record PictureTimes(uint Timescale, ImmutableArray<long> Times, ImmutableArray<long> SyncTimes, long End)
{
    /// <summary>Reads them from the headers of a file.</summary>
    /// <param name="source">Progressive or fragmented MP4, seekable.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    /// <exception cref="MediaFormatException">The file has no track of pictures that can be packaged.</exception>
    public static async Task<PictureTimes> ReadAsync(Stream source, CancellationToken cancellationToken)
    {
        using var track = await SourceFile.ReadTrackAsync(source, TrackKind.Video, trackId: null, cancellationToken).ConfigureAwait(false);
        var timeline = TrackTimeline.Resolve(track, TrackKind.Video);
        var times = ChunkTimes.Of(track, timeline, start: 0);
        var sync = ImmutableArray.CreateBuilder<long>();
        for (var index = 0; index < track.Samples.Count; index++)
        {
            if (track.Samples[index].IsSync)
                sync.Add(times.Presentation[index]);
        }

        return new PictureTimes(track.Media.Timescale, times.Decode, sync.DrainToImmutable(), times.End);
    }
}
