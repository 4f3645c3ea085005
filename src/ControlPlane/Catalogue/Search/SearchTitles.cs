using System.Globalization;
using System.Text.Json.Serialization;
using Dapper;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Movento.ApiDescription;
using Movento.ApiDescription.Metadata;
using Movento.Contracts;
using Movento.ControlPlane.Catalogue.Details;
using Movento.ControlPlane.Catalogue.Series;
using Movento.ControlPlane.Delivery;
using Movento.ControlPlane.Http;
using Movento.ControlPlane.OutputCaching;

namespace Movento.ControlPlane.Catalogue.Search;

/// <summary><c>GET /api/search?q=…&amp;kind=…&amp;genre=…&amp;yearFrom=…&amp;yearTo=…&amp;maxAge=…&amp;after=…&amp;limit=…&amp;language=…</c>: films and series by
/// words, the best first, a page at a time, for anybody. Without words, the newest first. Output-cached as the lists are.</summary>
internal static class SearchTitles
{
    public const int DefaultLimit = 24;
    public const int MaxLimit = 100;

    /// <summary>In UTF-16 units.</summary>
    public const int MaxTextLength = 200;

    public const int MaxGenres = 5;

    private const int MostNumber = 9999;

    private static readonly PageRules Pages = new(DefaultLimit, MaxLimit, 0, long.MaxValue);

    /// <param name="Items">The best first.</param>
    /// <param name="Next">What to send as <c>after</c> for the next page; null when this was the last.</param>
    /// <param name="Total">How many were found.</param>
    /// <param name="IsBounded">Whether there may be more than <paramref name="Total"/>: of titles that match only the newest five hundred are looked at, of what else matches the newest two hundred.</param>
    /// <param name="IsCorrected">Whether nothing is called that, and what may have been meant was found.</param>
    /// <param name="Facets">Of everything that was found.</param>
    public sealed record Response(IReadOnlyList<Found> Items, string? Next, int Total, bool IsBounded, bool IsCorrected, SearchFacets Facets);

    /// <param name="Kind"><c>movie</c> or <c>series</c>.</param>
    /// <param name="Movie">Of a film.</param>
    /// <param name="Series">Of a series.</param>
    public sealed record Found(
        [property: Words(typeof(SearchFilter))] string Kind,
        [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] Movie? Movie,
        [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] SeriesSummary? Series);

    public static void Map(RouteGroupBuilder search) => search.MapGet("/", HandleAsync)
        .AllowAnonymous()
        .CacheOutput(new PublicAnswerPolicy(MovieCache.Tag, "q", "kind", "genre", "yearFrom", "yearTo", "maxAge", "after", "limit", "language"))
        .WithMetadata(new CountedAs(RequestKind.Search))
        .Describe(
            "searchTitles", "Films and series by words, the best first",
            "All words are looked for in titles of every language, people, genres and descriptions; in titles and names the last one may only have been begun. Where nothing is called that, typing errors are forgiven. Without `q`, the newest first.")
        .Answers<Response>().PagedBy(Pages).ReadsLanguage()
        .ReadsText("q", "What is looked for; the first eight words count.", MaxTextLength)
        .ReadsWord("kind", "Only these.", SearchFilter.MovieKind, SearchFilter.SeriesKind)
        .WithMetadata(new RequestQuery("genre", "Titles that have all of them, such as `science-fiction`.") { MaxLength = DetailsRules.MaxGenreLength, MaxItems = MaxGenres })
        .ReadsNumber("yearFrom", "Released then or later.", 0, MostNumber)
        .ReadsNumber("yearTo", "Released then or before.", 0, MostNumber)
        .ReadsNumber("maxAge", "For whoever is so old; what nobody rated is left out then.", 0, MostNumber);

    private static async Task<IResult> HandleAsync(
        string? q,
        string? kind,
        string[]? genre,
        string? yearFrom,
        string? yearTo,
        string? maxAge,
        string? after,
        string? limit,
        string? language,
        Viewer viewer,
        TitleSearch search,
        CatalogueDatabase database,
        EdgeUrls edge,
        TimeProvider time)
    {
        var errors = new FieldErrors();
        var (cursor, most) = Pages.Read(after, limit, errors);
        if (q is not null && (q.Length > MaxTextLength || !IsText(q))) errors.Note("q", $"Up to {MaxTextLength} characters.");
        if (kind is not (null or SearchFilter.MovieKind or SearchFilter.SeriesKind)) errors.Note("kind", $"{SearchFilter.MovieKind} or {SearchFilter.SeriesKind}.");
        if (genre?.Length > MaxGenres || genre?.Any(one => !DetailsRules.IsGenre(one)) == true) errors.Note("genre", $"Up to {MaxGenres} genres, such as science-fiction.");
        if (language is not null && !LanguageTag.IsOne(language)) errors.Note("language", LanguageTag.Sentence);
        var filter = new SearchFilter(
            kind, genre ?? [], Number("yearFrom", yearFrom, errors), Number("yearTo", yearTo, errors), Younger(Number("maxAge", maxAge, errors), viewer.MaximumAge));
        if (errors.Problem is { } wrong) return wrong;

        using var patience = new CancellationTokenSource(PublicAnswerPolicy.Patience, time);
        var found = await search.FindAsync(string.IsNullOrWhiteSpace(q) ? null : q, filter, viewer, cursor, most + 1, patience.Token);
        var page = found.Keys.Take(most).ToArray();
        var (movies, series) = await ReadAsync(database, page, language, patience.Token);
        var items = page.Select(key => key.Kind == SearchFilter.MovieKind
            ? new Found(key.Kind, movies.GetValueOrDefault(key.Place.Id)?.ToMovie(edge), null)
            : new Found(key.Kind, null, series.GetValueOrDefault(key.Place.Id)?.ToSummary()));
        return WholeJson.Of(
            new Response(
                // One that vanished in between is not there.
                [.. items.Where(item => item.Movie is not null || item.Series is not null)],
                found.Keys.Count > most ? page[^1].Place.ToString() : null,
                found.Total, found.IsBounded, found.IsCorrected, found.Facets),
            ControlPlaneJson.Default.SearchTitlesResponse);
    }

    private static async Task<(Dictionary<Guid, MovieRow> Movies, Dictionary<Guid, SeriesRow> Series)> ReadAsync(
        CatalogueDatabase database, FoundKey[] page, string? language, CancellationToken cancellationToken)
    {
        var movies = page.Where(key => key.Kind == SearchFilter.MovieKind).Select(key => key.Place.Id).ToArray();
        var series = page.Where(key => key.Kind == SearchFilter.SeriesKind).Select(key => key.Place.Id).ToArray();
        if (page.Length == 0) return ([], []);
        await using var connection = await database.OpenAsync(cancellationToken);
        var movieRows = movies.Length == 0 ? [] : await connection.QueryAsync<MovieRow>(new CommandDefinition(
            $"SELECT {MovieRow.Columns} FROM movies WHERE id = ANY(@movies) AND appears_at IS NOT NULL", new { movies, language }, cancellationToken: cancellationToken));
        var seriesRows = series.Length == 0 ? [] : await connection.QueryAsync<SeriesRow>(new CommandDefinition(
            $"SELECT {SeriesRow.Columns} FROM series WHERE id = ANY(@series)", new { series, language }, cancellationToken: cancellationToken));
        return (movieRows.ToDictionary(row => row.Id), seriesRows.ToDictionary(row => row.Id));
    }

    // Neither NUL nor half a surrogate pair is text to PostgreSQL.
    private static bool IsText(string text) => !text.Contains('\0') && IsWellFormed(text);

    private static bool IsWellFormed(string text)
    {
        for (var at = 0; at < text.Length; at += char.IsSurrogatePair(text, at) ? 2 : 1)
            if (char.IsSurrogate(text[at]) && !char.IsSurrogatePair(text, at)) return false;
        return true;
    }

    // Null is of any age.
    private static short? Younger(short? one, short? other) => one is null || other < one ? other : one;

    private static short? Number(string field, string? text, FieldErrors errors)
    {
        if (text is null) return null;
        if (short.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number <= MostNumber) return number;
        errors.Note(field, $"A number from 0 to {MostNumber}.");
        return null;
    }
}
