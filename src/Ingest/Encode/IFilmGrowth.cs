using Movento.Ingest.Ladder;

namespace Movento.Ingest.Encode;

/// <summary>Who wants to show a film while it is encoded.</summary>
internal interface IFilmGrowth
{
    /// <summary>A chunk of the first rung is proven; chunks come in order, and those without frames do not come.</summary>
    Task PicturesAsync(Rung rung, Chunk chunk, string path, CancellationToken cancellationToken);

    /// <summary>There is more of a track of sound: a fragmented MP4 file that only grows.</summary>
    /// <param name="isWhole">Whether this is all of it.</param>
    Task SoundAsync(AudioOutput output, string path, bool isWhole, CancellationToken cancellationToken);
}
