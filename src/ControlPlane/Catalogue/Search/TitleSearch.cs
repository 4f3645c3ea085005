using System.Text.Json;
using Dapper;
using Movento.ControlPlane.Http;
using Npgsql;

namespace Movento.ControlPlane.Catalogue.Search;

/// <summary>
/// Finds films and series. What a search may cost is bounded, whatever is asked: among the newest <see cref="MaxMatches"/> that match, and the
/// <see cref="MaxNames"/> whose titles begin like that, the best come first, and facets are counted.
/// </summary>
internal sealed class TitleSearch(CatalogueDatabase database, TimeProvider time)
{
    public const int MaxMatches = 500;
    public const int MaxNames = 50;

    // The database looks for so many near words; of those so many may have been meant.
    private const int NearWords = 30;
    private const int MeantWords = 5;

    /// <param name="text">Words; null for whatever there is.</param>
    /// <param name="filter">What else is looked for.</param>
    /// <param name="viewer">Who looks, and from where.</param>
    /// <param name="after">Where the page before ended.</param>
    /// <param name="limit">Rows of the page.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task<FoundPage> FindAsync(
        string? text, SearchFilter filter, Viewer viewer, PageCursor? after, int limit, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        if (text is null) return await FindAsync(connection, null, null, filter, viewer, after, limit, cancellationToken);

        var folded = await connection.QuerySingleAsync<string>(new CommandDefinition("SELECT folded(@text)", new { text }, cancellationToken: cancellationToken));
        var sought = new SearchText(folded);
        if (sought.Words.Count == 0) return FoundPage.Nothing;
        var found = await FindAsync(connection, sought, sought.Query, filter, viewer, after, limit, cancellationToken);
        if (found.Total > 0) return found;

        // Nothing is called that: then what may have been meant.
        var meant = await MeantAsync(connection, sought, cancellationToken);
        if (meant.Count == 0) return found;
        return await FindAsync(connection, sought, sought.QueryOf(meant), filter, viewer, after, limit, cancellationToken) with { IsCorrected = true };
    }

    private static async Task<ILookup<string, string>> MeantAsync(NpgsqlConnection connection, SearchText sought, CancellationToken cancellationToken)
    {
        var words = sought.Words.Where(word => TypingErrors.Allowed(word.Length) > 0).Distinct(StringComparer.Ordinal).ToArray();
        var near = await connection.QueryAsync<(string Word, string Near)>(new CommandDefinition(
            "SELECT w, n FROM unnest(@words) AS w, LATERAL near_words(w, @NearWords) AS n", new { words, NearWords }, cancellationToken: cancellationToken));
        return near
            .Select(pair => (pair.Word, pair.Near, Errors: TypingErrors.Between(pair.Word, pair.Near, isBegun: pair.Word == sought.Words[^1])))
            .Where(pair => pair.Errors <= TypingErrors.Allowed(pair.Word.Length))
            .GroupBy(pair => pair.Word, StringComparer.Ordinal)
            .SelectMany(group => group.OrderBy(pair => pair.Errors).Take(MeantWords))
            .ToLookup(pair => pair.Word, pair => pair.Near, StringComparer.Ordinal);
    }

    private async Task<FoundPage> FindAsync(
        NpgsqlConnection connection, SearchText? sought, string? query, SearchFilter filter, Viewer viewer, PageCursor? after, int limit, CancellationToken cancellationToken)
    {
        // A title's rank: how often and where the words stand (A, B, C and D weigh 1, 0.4, 0.2 and 0.05), how much of the title they are, and whether it begins with them.
        var parameters = new DynamicParameters(filter);
        parameters.AddDynamicParams(new
        {
            query,
            whole = query == sought?.Query ? sought?.Whole : null,
            text = sought?.Folded,
            prefix = sought?.Folded + "%",
            country = viewer.Country,
            now = time.GetUtcNow().UtcDateTime,
            MaxMatches,
            MaxNames,
            afterScore = after?.Order,
            afterId = after?.Id,
            limit,
        });
        var (rank, isWhole, score) = sought is null
            ? ("0", "true", "(extract(epoch FROM appears_at) * 1000000)::bigint")
            : ("ts_rank('{0.05, 0.2, 0.4, 1}', document, @query::tsquery)",
               sought.Whole is null ? "true" : "@whole IS NULL OR document @@ @whole::tsquery",
               """
               (1000000 * (rank + length(@text)::float8 / greatest(length(@text), length(name))
                 + CASE WHEN name = @text THEN 4 WHEN name LIKE @text || ' %' THEN 2 WHEN name LIKE @prefix THEN 1 ELSE 0 END))::bigint
               """);
        // Each row is read once: on 100,000 films, joining them to their ids again took three times as long.
        var columns = $"id, kind, genres, release_year, minimum_age, windows, appears_at, name, {rank} AS rank, {isWhole} AS is_whole";
        var named =
            $"""
            SELECT {columns} FROM (SELECT * FROM search_documents WHERE name LIKE @prefix AND {filter.Condition} ORDER BY name, id LIMIT @MaxNames) AS n
            WHERE NOT EXISTS (SELECT FROM matches WHERE matches.id = n.id)
            """;
        var row = await connection.QuerySingleAsync<Row>(new CommandDefinition(
            $"""
            WITH matches AS MATERIALIZED (
              SELECT {columns} FROM (
                SELECT * FROM search_documents WHERE {(sought is null ? "" : "document @@ @query::tsquery AND ")}{filter.Condition}
                ORDER BY appears_at DESC, id DESC LIMIT @MaxMatches) AS m),
            candidates AS (
              SELECT * FROM matches
              {(sought is null ? "" : "UNION ALL " + named)}),
            found AS MATERIALIZED (
              SELECT id, kind, genres, release_year, minimum_age, {score} AS score FROM candidates
              WHERE (windows IS NULL OR is_open(windows, @country, @now)) {(sought is null ? "" : "AND (is_whole OR name LIKE @prefix)")}),
            page AS MATERIALIZED (
              SELECT id, kind, score FROM found {(after is null ? "" : "WHERE (score, id) < (@afterScore, @afterId)")} ORDER BY score DESC, id DESC LIMIT @limit)
            SELECT
              ARRAY(SELECT id FROM page ORDER BY score DESC, id DESC) AS Ids,
              ARRAY(SELECT score FROM page ORDER BY score DESC, id DESC) AS Scores,
              ARRAY(SELECT kind FROM page ORDER BY score DESC, id DESC) AS Kinds,
              (SELECT count(*)::int FROM found) AS Total,
              (SELECT count(*)::int FROM matches) AS Matches,
              (SELECT jsonb_object_agg(kind, n) FROM (SELECT kind, count(*) AS n FROM found GROUP BY kind) AS f)::text AS KindFacet,
              (SELECT jsonb_object_agg(genre, n) FROM (SELECT genre, count(*) AS n FROM found, unnest(genres) AS genre GROUP BY genre) AS f)::text AS GenreFacet,
              (SELECT jsonb_object_agg(decade, n) FROM
                (SELECT release_year / 10 * 10 AS decade, count(*) AS n FROM found WHERE release_year IS NOT NULL GROUP BY 1) AS f)::text AS DecadeFacet,
              (SELECT jsonb_object_agg(minimum_age, n) FROM
                (SELECT minimum_age, count(*) AS n FROM found WHERE minimum_age IS NOT NULL GROUP BY minimum_age) AS f)::text AS AgeFacet
            """,
            parameters,
            cancellationToken: cancellationToken));
        return new FoundPage(
            [.. row.Ids.Select((id, at) => new FoundKey(row.Kinds[at], new PageCursor(row.Scores[at], id)))],
            row.Total,
            row.Matches >= MaxMatches,
            new SearchFacets(Facet(row.KindFacet), Facet(row.GenreFacet), Facet(row.DecadeFacet), Facet(row.AgeFacet)),
            IsCorrected: false);
    }

    // The most frequent first.
    private static IReadOnlyList<FacetValue> Facet(string? json) => json is null
        ? []
        : [.. JsonSerializer.Deserialize(json, ControlPlaneJson.Default.DictionaryStringInt32)!
            .OrderByDescending(pair => pair.Value).ThenBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => new FacetValue(pair.Key, pair.Value))];

    private sealed class Row
    {
        public required Guid[] Ids { get; init; }
        public required long[] Scores { get; init; }
        public required string[] Kinds { get; init; }
        public required int Total { get; init; }
        public required int Matches { get; init; }
        public string? KindFacet { get; init; }
        public string? GenreFacet { get; init; }
        public string? DecadeFacet { get; init; }
        public string? AgeFacet { get; init; }
    }
}
