using Dapper;
using Movento.Contracts;
using Movento.ControlPlane.Catalogue.Series;

namespace Movento.ControlPlane.Catalogue.Playability;

/// <summary>Whether a film exists and may be played, and if not, why.</summary>
internal sealed class PlayabilityCheck(CatalogueDatabase database, TimeProvider time)
{
    public async Task<MoviePlayability> OfAsync(CheckMoviePlayable asked, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow().UtcDateTime;
        // As a header's: in whatever case; what is no country is none.
        var country = CountryCode.TryParse(asked.Country, out var code) ? code.ToString() : null;
        await using var connection = await database.OpenAsync(cancellationToken);
        var row = await connection.QuerySingleOrDefaultAsync<Row>(new CommandDefinition(
            $"""
            SELECT coalesce(edited_title, announced_title) AS Title, {MovieRow.IsPlayable} AS IsPlayable, is_draft AS IsDraft, publish_at > @now AS IsLater,
                   windows IS NULL OR is_open(windows, @country, @now) AS IsOpen,
                   series_id IS NULL OR EXISTS (SELECT FROM series WHERE id = movies.series_id AND {SeriesRow.IsVisible}) AS IsSeriesOpen,
                   CASE WHEN version > 0 THEN version ELSE growing_version END AS Version, version = 0 AS IsGrowing,
                   CASE WHEN version > 0 THEN duration_seconds ELSE growing_seconds END AS DurationSeconds, minimum_age AS MinimumAge
            FROM movies WHERE id = @AssetId AND deleted_at IS NULL
            """,
            new { asked.AssetId, country, now },
            cancellationToken: cancellationToken));
        if (row is null) return new MoviePlayability(asked.AssetId, false, false, PlayabilityRefusal.Unknown, null, 0, 0, false, null);
        var refusal = row switch
        {
            { IsPlayable: false } => PlayabilityRefusal.NotReady,
            { IsDraft: true } => PlayabilityRefusal.Draft,
            { IsLater: true } => PlayabilityRefusal.Scheduled,
            { IsOpen: false } or { IsSeriesOpen: false } => PlayabilityRefusal.NotOpen,
            _ => null,
        };
        return new MoviePlayability(
            asked.AssetId, true, refusal is null, refusal, row.Title, row.IsPlayable ? row.Version : 0, row.IsPlayable ? row.DurationSeconds : 0,
            row.IsPlayable && row.IsGrowing, row.MinimumAge);
    }

    private sealed class Row
    {
        public string? Title { get; init; }
        public required bool IsPlayable { get; init; }
        public required bool IsDraft { get; init; }
        public bool? IsLater { get; init; }
        public required bool IsOpen { get; init; }
        public required bool IsSeriesOpen { get; init; }
        public required int Version { get; init; }
        public required bool IsGrowing { get; init; }
        public required double DurationSeconds { get; init; }
        public short? MinimumAge { get; init; }
    }
}
