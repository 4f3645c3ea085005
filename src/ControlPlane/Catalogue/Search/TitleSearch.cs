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

    // Words that are spelled right are doubted where there are no more of them, and where they are so long: looking for what else was meant takes a millisecond each.
    private const int MostDoubted = 3;
    private const int ShortestDoubted = 4;

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
        var place = (after, limit);
        if (text is null) return await FindAsync(connection, null, null, filter, viewer, place, cancellationToken);

        var folded = await connection.QuerySingleAsync<string>(new CommandDefinition("SELECT folded(@text)", new { text }, cancellationToken: cancellationToken));
        var sought = new SearchText(folded);
        if (sought.Words.Count == 0) return FoundPage.Nothing;
        var found = await FindAsync(connection, sought, sought.Query, filter, viewer, place, cancellationToken);
        if (found.Total > 0) return found;

        // Nothing is called that: then what may have been meant. First by words that no title has; they alone are likely to be wrong.
        var doubtful = sought.Words.Where(word => TypingErrors.Allowed(word.Length) > 0).Distinct(StringComparer.Ordinal).ToArray();
        var unknown = await UnknownAsync(connection, doubtful, sought.Words[^1], cancellationToken);
        if (await MeantAsync("near_words", unknown) is { } corrected) return corrected;
        var doubted = doubtful.Except(unknown).Where(word => word.Length >= ShortestDoubted).ToArray();
        return doubted.Length <= MostDoubted && await MeantAsync("nearest_words", doubted) is { } other ? other : found;

        async Task<FoundPage?> MeantAsync(string near, string[] words)
        {
            var meant = await MeantWordsAsync(connection, near, words, sought.Words[^1], cancellationToken);
            if (meant.Count == 0) return null;
            var page = await FindAsync(connection, sought, sought.QueryOf(meant), filter, viewer, place, cancellationToken);
            return page.Total > 0 ? page with { IsCorrected = true } : null;
        }
    }

    // The words that nothing begins with or is called.
    private static async Task<string[]> UnknownAsync(NpgsqlConnection connection, string[] words, string last, CancellationToken cancellationToken) =>
        words.Length == 0
            ? []
            : (await connection.QueryAsync<string>(new CommandDefinition(
                """
                SELECT w FROM unnest(@words) AS w
                WHERE NOT EXISTS (SELECT FROM search_words WHERE word = w)
                  AND NOT (w = @last AND EXISTS (SELECT FROM search_words WHERE word >= w AND word < w || U&'\+10FFFF'))
                """,
                new { words, last },
                cancellationToken: cancellationToken))).ToArray();

    private static async Task<ILookup<string, string>> MeantWordsAsync(
        NpgsqlConnection connection, string near, string[] words, string last, CancellationToken cancellationToken)
    {
        IEnumerable<(string Word, string Near)> pairs = words.Length == 0
            ? []
            : await connection.QueryAsync<(string, string)>(new CommandDefinition(
                $"SELECT w, n FROM unnest(@words) AS w, LATERAL {near}(w, @NearWords) AS n", new { words, NearWords }, cancellationToken: cancellationToken));
        return pairs
            .Where(pair => pair.Word != pair.Near)
            .Select(pair => (pair.Word, pair.Near, Errors: TypingErrors.Between(pair.Word, pair.Near, isBegun: pair.Word == last)))
            .Where(pair => pair.Errors <= TypingErrors.Allowed(pair.Word.Length))
            .GroupBy(pair => pair.Word, StringComparer.Ordinal)
            .SelectMany(group => group.OrderBy(pair => pair.Errors).Take(MeantWords))
            .ToLookup(pair => pair.Word, pair => pair.Near, StringComparer.Ordinal);
    }

    private async Task<FoundPage> FindAsync(
        NpgsqlConnection connection, SearchText? sought, string? query, SearchFilter filter, Viewer viewer, (PageCursor? After, int Limit) place, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow().UtcDateTime;
        var whole = query == sought?.Query ? sought?.Whole : null;
        var parameters = new DynamicParameters(filter);
        parameters.AddDynamicParams(new { query, whole, text = sought?.Folded, prefix = sought?.Folded + "%", now, MaxMatches, MaxNames });
        // A title's rank: how often and where the words stand (A, B, C and D weigh 1, 0.4, 0.2 and 0.05), how much of the title they are, and whether it begins with them.
        var score = sought is null
            ? "(extract(epoch FROM appears_at) * 1000000)::bigint"
            : """
              (1000000 * (ts_rank('{0.05, 0.2, 0.4, 1}', document, @query::tsquery) + length(@text)::float8 / greatest(length(@text), length(name))
                + CASE WHEN name = @text THEN 4 WHEN name LIKE @text || ' %' THEN 2 WHEN name LIKE @prefix THEN 1 ELSE 0 END))::bigint
              """;
        // Whoever is sorted out goes by its place in the table (ctid), without its words; only the rows that are left are read whole, each once.
        var candidates = (await connection.QueryAsync<Candidate>(new CommandDefinition(
            $"""
            WITH places AS MATERIALIZED (SELECT
              ARRAY(SELECT ctid FROM search_documents WHERE {(sought is null ? "" : "document @@ @query::tsquery AND ")}{filter.Condition}
                ORDER BY appears_at DESC, id DESC LIMIT @MaxMatches) AS matches,
              {(sought is null
                ? "ARRAY[]::tid[]"
                : $"ARRAY(SELECT ctid FROM search_documents WHERE name LIKE @prefix AND {filter.Condition} ORDER BY name, id LIMIT @MaxNames)")} AS named)
            SELECT id AS Id, kind AS Kind, genres AS Genres, release_year AS ReleaseYear, minimum_age AS MinimumAge, windows::text AS Windows, {score} AS Score,
              (SELECT cardinality(matches) FROM places) AS Matches
            FROM search_documents WHERE ctid = ANY ((SELECT matches || named FROM places)::tid[])
              {(whole is null ? "" : "AND (document @@ @whole::tsquery OR name LIKE @prefix)")}
            """,
            parameters,
            cancellationToken: cancellationToken))).AsList();
        return FoundPage.Of(candidates, new OpenWindows(viewer.Country, now), place.After, place.Limit, isBounded: candidates.Count > 0 && candidates[0].Matches >= MaxMatches);
    }
}
