using Microsoft.Extensions.Logging;
using Movento.ControlPlane.Catalogue;
using Npgsql;

namespace Movento.ControlPlane.Recommendations.Home;

/// <summary>
/// What every home page is made from and nobody's alone: what films are like, and which are watched most now. Read again every minute, but what films are like
/// only where it changed.
/// </summary>
internal sealed partial class CatalogueImage(RecommendationsDatabase database, PublishedMovies movies, TimeProvider time, ILogger<CatalogueImage> logger)
    : PeriodicWork(CatalogueImage.Interval, time, startsAtOnce: true)
{
    // Of more films the oldest are found by those who watch what others watch, not by their likeness: 50,000 take 30 MB.
    private const int MostFilms = 50_000;

    private const int MostTrending = 200;

    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);

    private Image _current = new(new Likeness([]), []);
    private TraitsRevision? _read;
    private bool _isSettled;

    public Image Current => Volatile.Read(ref _current);

    /// <summary>One turn. Turns come one after the other.</summary>
    public async Task ReadAsync(CancellationToken cancellationToken)
    {
        // An edit shows in the revision when it begins to be written: what was read just then may lack it, so each change is read again a turn later.
        var revision = await movies.RevisionOfTraitsAsync(cancellationToken);
        var isSame = revision == _read;
        var likeness = isSame && _isSettled ? Current.Likeness : new Likeness(await movies.ListTraitsAsync(MostFilms, cancellationToken));
        Volatile.Write(ref _current, new Image(likeness, await Home.Trending.ReadAsync(database, MostTrending, Time.GetUtcNow(), cancellationToken)));
        (_read, _isSettled) = (revision, isSame);
    }

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
