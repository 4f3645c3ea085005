using Dapper;
using Movento.ControlPlane.Http;
using Npgsql;

namespace Movento.ControlPlane.Catalogue.Search;

/// <summary>
/// Finds films and series: those whose titles have the words, and where these are few, behind them those of which the words are said: titles, people, genres
/// and descriptions together. What a search may cost is bounded, whatever is asked: it looks at the newest <see cref="MaxTitles"/> by their titles, at the
/// <see cref="MaxNames"/> whose titles begin like that, and, below <see cref="FewTitles"/>, at the newest <see cref="MaxDocuments"/> of the others; among
/// those the best come first, and facets are counted.
/// </summary>
internal sealed class TitleSearch(CatalogueDatabase database, KnownWords words, TimeProvider time)
{
    public const int MaxTitles = 500;
    public const int MaxNames = 50;
    public const int FewTitles = 100;
    public const int MaxDocuments = 200;

    private const string Weights = "{0.05, 0.2, 0.4, 1}";

    private static readonly ILookup<string, string> AsSaid = Array.Empty<string>().ToLookup(word => word);

    // Words that are spelled right are doubted where there are no more of them, and where they are so long: each brings others that are looked for.
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
        if (text is null) return await NewestAsync(connection, filter, viewer, place, cancellationToken);

        var folded = SearchText.FoldAscii(text)
            ?? await connection.QuerySingleAsync<string>(new CommandDefinition("SELECT folded(@text)", new { text }, cancellationToken: cancellationToken));
        var sought = new SearchText(folded);
        if (sought.Words.Count == 0) return FoundPage.Nothing;
        var found = await FindAsync(connection, sought, AsSaid, filter, viewer, place, cancellationToken);
        if (found.Total > 0) return found;

        // Nothing is called that: then what may have been meant. First by words that no title has; they alone are likely to be wrong.
        var spelling = new Spelling(connection, await words.ReadAsync(connection, cancellationToken), sought.Words[^1]);
        var doubtful = sought.Words.Where(word => TypingErrors.Allowed(word.Length) > 0).Distinct(StringComparer.Ordinal).ToArray();
        var unknown = await spelling.UnknownAsync(doubtful, cancellationToken);
        if (await MeantAsync(unknown, areUnknown: true) is { } corrected) return corrected;
        var doubted = doubtful.Except(unknown).Where(word => word.Length >= ShortestDoubted).ToArray();
        return doubted.Length <= MostDoubted && await MeantAsync(doubted, areUnknown: false) is { } other ? other : found;

        async Task<FoundPage?> MeantAsync(string[] words, bool areUnknown)
        {
            var meant = await spelling.MeantAsync(words, areUnknown, cancellationToken);
            if (meant.Count == 0) return null;
            var page = await FindAsync(connection, sought, meant, filter, viewer, place, cancellationToken);
            return page.Total > 0 ? page with { IsCorrected = true } : null;
        }
    }

    // Whoever is sorted out goes by its place in the table (ctid), without its words; only the rows that are left are read whole, each once.
    private async Task<FoundPage> FindAsync(
        NpgsqlConnection connection, SearchText sought, ILookup<string, string> meant, SearchFilter filter, Viewer viewer, (PageCursor? After, int Limit) place, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow().UtcDateTime;
        var query = sought.QueryOf(meant);
        var marks = filter.Marks is { } some ? " & " + some : "";
        var parameters = new DynamicParameters(filter);
        parameters.AddDynamicParams(query);
        parameters.AddDynamicParams(new
        {
            text = sought.Folded,
            prefix = sought.Folded + "%",
            now,
            filter.Marks,
            markedTitles = query.Titles + marks,
            markedDocuments = query.Documents + marks,
            MaxTitles,
            MaxNames,
            FewTitles,
            MaxDocuments,
        });
        var condition = filter.Condition(isAlone: false);
        // Words that are in no film count as much to the planner as the rarest of a thousand that it knows. Where five stand for each, it would expect many films,
        // and read all of them, the newest first, for two hundred that do not come; not past this.
        var fence = meant.Count > 0 ? "OFFSET 0" : "";
        // A rank: how often and where the words stand (A, B, C and D weigh 1, 0.4, 0.2 and 0.05), and how much of the title they are. For titles that have them all,
        // ten more, and whether they begin with them.
        const string Share = "length(@text)::float8 / greatest(length(@text), length(name))";
        return await PageAsync(
            connection,
            $"""
            WITH titles AS MATERIALIZED (SELECT
              ARRAY(SELECT place FROM (SELECT ctid AS place, appears_at, id FROM search_titles WHERE words @@ @markedTitles::tsquery AND {condition} {fence}) AS t
                ORDER BY appears_at DESC, id DESC LIMIT @MaxTitles) AS matches,
              ARRAY(SELECT ctid FROM search_titles WHERE name LIKE @prefix AND {condition}{(filter.Marks is null ? "" : " AND words @@ @Marks::tsquery")}
                ORDER BY name, id LIMIT @MaxNames) AS named),
            documents AS MATERIALIZED (SELECT
              ARRAY(SELECT place FROM (SELECT ctid AS place, appears_at, id FROM search_documents WHERE document @@ @markedDocuments::tsquery AND {condition} {fence}) AS d
                ORDER BY appears_at DESC, id DESC LIMIT @MaxDocuments) AS matches
              FROM titles WHERE cardinality(titles.matches) < @FewTitles)
            SELECT {Candidate.Columns}, (SELECT cardinality(matches) >= @MaxTitles FROM titles) AS IsBounded,
              (1000000 * (10 + ts_rank('{Weights}', words, @Titles::tsquery) + {Share}
                + CASE WHEN name = @text THEN 4 WHEN name LIKE @text || ' %' THEN 2 WHEN name LIKE @prefix THEN 1 ELSE 0 END))::bigint AS Score
            FROM search_titles WHERE ctid = ANY ((SELECT matches || named FROM titles)::tid[])
            UNION ALL
            SELECT {Candidate.Columns}, (SELECT cardinality(matches) >= @MaxDocuments FROM documents),
              (1000000 * (ts_rank('{Weights}', document, @Documents::tsquery) + {Share}))::bigint
            FROM search_documents WHERE ctid = ANY ((SELECT matches FROM documents)::tid[]){(query.Whole is null ? "" : " AND document @@ @Whole::tsquery")}
            """,
            parameters, viewer, now, place, cancellationToken);
    }

    private async Task<FoundPage> NewestAsync(
        NpgsqlConnection connection, SearchFilter filter, Viewer viewer, (PageCursor? After, int Limit) place, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow().UtcDateTime;
        var parameters = new DynamicParameters(filter);
        parameters.AddDynamicParams(new { now, filter.Marks, MaxTitles });
        return await PageAsync(
            connection,
            $"""
            SELECT {Candidate.Columns}, count(*) OVER () >= @MaxTitles AS IsBounded, (extract(epoch FROM appears_at) * 1000000)::bigint AS Score
            FROM (SELECT * FROM search_titles WHERE {filter.Condition(isAlone: true)}{(filter.Marks is null ? "" : " AND words @@ @Marks::tsquery")}
              ORDER BY appears_at DESC, id DESC LIMIT @MaxTitles) AS newest
            """,
            parameters, viewer, now, place, cancellationToken);
    }

    private static async Task<FoundPage> PageAsync(
        NpgsqlConnection connection, string sql, DynamicParameters parameters, Viewer viewer, DateTime now, (PageCursor? After, int Limit) place, CancellationToken cancellationToken)
    {
        var candidates = (await connection.QueryAsync<Candidate>(new CommandDefinition(sql, parameters, cancellationToken: cancellationToken))).AsList();
        return FoundPage.Of(candidates, new OpenWindows(viewer.Country, now), place.After, place.Limit);
    }
}
