using Microsoft.Extensions.Logging;
using Movento.ControlPlane.Catalogue;
using Npgsql;

namespace Movento.ControlPlane.Recommendations.Home;

/// <summary>What every home page is made from and nobody's alone: what films are like, and which are watched most now. Read again every minute.</summary>
internal sealed partial class CatalogueImage(RecommendationsDatabase database, PublishedMovies movies, TimeProvider time, ILogger<CatalogueImage> logger)
    : PeriodicWork(CatalogueImage.Interval, time, startsAtOnce: true)
{
    // Of more films the oldest are found by those who watch what others watch, not by their likeness: 50,000 take 30 MB.
    private const int MostFilms = 50_000;

    private const int MostTrending = 200;

    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);

    private Image _current = new(new Likeness([]), []);

    public Image Current => Volatile.Read(ref _current);

    public async Task ReadAsync(CancellationToken cancellationToken) => Volatile.Write(
        ref _current,
        new Image(new Likeness(await movies.ListTraitsAsync(MostFilms, cancellationToken)), await Home.Trending.ReadAsync(database, MostTrending, Time.GetUtcNow(), cancellationToken)));

    protected override Task WorkAsync(CancellationToken cancellationToken) => ReadAsync(cancellationToken);

    protected override void Failed(NpgsqlException error) => Log.Failed(logger, error);

    /// <param name="Likeness">How alike films are.</param>
    /// <param name="Trending">The most watched first.</param>
    public sealed record Image(Likeness Likeness, IReadOnlyList<Guid> Trending);

    private static partial class Log
    {
        [LoggerMessage(3056, LogLevel.Warning, "What films are like, and which are watched most, could not be read; what was read before stays")]
        public static partial void Failed(ILogger logger, Exception exception);
    }
}
