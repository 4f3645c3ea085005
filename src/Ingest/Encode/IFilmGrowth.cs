using Movento.Ingest.Ladder;

namespace Movento.Ingest.Encode;

/// <summary>Who wants to show a film while it is encoded; see <see cref="NoGrowth"/> for who does not.</summary>
internal interface IFilmGrowth
{
    /// <summary>A chunk of the first rung is proven; chunks come in order, and those without frames do not come.</summary>
    Task PicturesAsync(Rung rung, Chunk chunk, string path, CancellationToken cancellationToken);

    /// <summary>There is more of a track of sound: a fragmented MP4 file that only grows.</summary>
    /// <param name="isWhole">Whether this is all of it.</param>
    Task SoundAsync(AudioOutput output, string path, bool isWhole, CancellationToken cancellationToken);
}

/// <summary>Nobody sees the film before it is done.</summary>
internal sealed class NoGrowth : IFilmGrowth
{
    public Task PicturesAsync(Rung rung, Chunk chunk, string path, CancellationToken cancellationToken) => Task.CompletedTask;

    public Task SoundAsync(AudioOutput output, string path, bool isWhole, CancellationToken cancellationToken) => Task.CompletedTask;
}
