using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Dapper;
using Movento.Database;
using Movento.Harness;
using Movento.Load.Contest;
using Movento.Servers;
using Npgsql;
using NpgsqlTypes;

namespace Movento.Load.Search;

/// <summary>
/// How long a search takes among 100,000 films: the running executable with a PostgreSQL of its own, over HTTP, two callers at a time, past the output cache.
/// Queries are what people send while they type: words, beginnings of words, typing errors, filters, further pages.
/// </summary>
internal static class SearchRun
{
    private const int Films = 100_000;
    private const int Queries = 4000;
    private const int WarmUp = 400;
    private const int Callers = 2;

    public static async Task<IReadOnlyList<ComparisonResult>> RunAsync(ComparisonSettings settings, CancellationToken cancellationToken)
    {
        using var folder = new TemporaryFolder();
        await using var postgres = await PrivatePostgres.StartAsync(folder.Combine("postgresql"), durable: true, cancellationToken);
        var movento = new RunningMovento { IsMeasured = true }
            .With("Database:ConnectionString=" + postgres.ConnectionString).With("ControlPlane:AccessTokenLifetime=1.00:00:00")
            .With("Api:Limits:Search:Account:Requests=0");
        await movento.InitializeAsync();
        try
        {
            var titles = new GeneratedTitles();
            var watch = Stopwatch.StartNew();
            await FillAsync(postgres.ConnectionString, titles, cancellationToken);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{Films:N0} films in {watch.Elapsed.TotalSeconds:0} s"));
            var queries = Enumerable.Range(0, WarmUp + Queries * settings.Rounds).Select(_ => Query(titles)).ToArray();
            await AskAsync(movento, queries[..WarmUp], cancellationToken);
            for (var round = 0; round < settings.Rounds; round++)
            {
                var asked = await AskAsync(movento, queries[(WarmUp + round * Queries)..(WarmUp + (round + 1) * Queries)], cancellationToken);
                Tell($"round {round + 1}, all", asked);
                foreach (var kind in asked.GroupBy(answer => answer.Kind).OrderBy(kind => kind.Key, StringComparer.Ordinal)) Tell("  " + kind.Key, [.. kind]);
            }

            return [];
        }
        finally
        {
            await movento.DisposeAsync();
        }
    }

    private static void Tell(string name, IReadOnlyList<Asked> asked)
    {
        var times = asked.Select(answer => answer.Milliseconds).Order().ToArray();
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{name,-24} {times.Length,6} searches  median {Of(0.5):0.0} ms  p95 {Of(0.95):0.0} ms  p99 {Of(0.99):0.0} ms  most {times[^1]:0.0} ms  found nothing: {asked.Count(answer => answer.Total == 0)}"));

        double Of(double part) => times[Math.Min(times.Length - 1, (int)(part * times.Length))];
    }

    private static async Task FillAsync(string connectionString, GeneratedTitles titles, CancellationToken cancellationToken)
    {
        await using var source = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(connectionString) { SearchPath = "catalogue", CommandTimeout = 0 });
        await using var connection = await source.OpenConnectionAsync(cancellationToken);
        var first = new DateTime(2010, 1, 1, 0, 0, 0, DateTimeKind.Utc);
        await using (var writer = await connection.BeginBinaryImportAsync(
            "COPY movies (id, owner_id, team_id, announced_title, version, duration_seconds, width, height, has_poster, published_at, release_year, age_rating, minimum_age, genres, " +
            "people, description, windows) FROM STDIN (FORMAT binary)",
            cancellationToken))
        {
            for (var film = 0; film < Films; film++)
            {
                // One after the other over sixteen years.
                var moment = first.AddMinutes(84 * film);
                var age = (short)(titles.Number(5) * 4);
                var owner = Guid.CreateVersion7(moment);
                var people = Enumerable.Range(0, 4 + titles.Number(6)).Select(at => new Dictionary<string, string> { ["name"] = titles.Person(), ["role"] = at == 0 ? "director" : "actor" });
                await writer.StartRowAsync(cancellationToken);
                await writer.WriteAsync(Guid.CreateVersion7(moment), NpgsqlDbType.Uuid, cancellationToken);
                await writer.WriteAsync(owner, NpgsqlDbType.Uuid, cancellationToken);
                await writer.WriteAsync(owner, NpgsqlDbType.Uuid, cancellationToken);
                await writer.WriteAsync(titles.Title(), NpgsqlDbType.Text, cancellationToken);
                await writer.WriteAsync(1, NpgsqlDbType.Integer, cancellationToken);
                await writer.WriteAsync(5400.0, NpgsqlDbType.Double, cancellationToken);
                await writer.WriteAsync(1920, NpgsqlDbType.Integer, cancellationToken);
                await writer.WriteAsync(1080, NpgsqlDbType.Integer, cancellationToken);
                await writer.WriteAsync(true, NpgsqlDbType.Boolean, cancellationToken);
                await writer.WriteAsync(moment, NpgsqlDbType.TimestampTz, cancellationToken);
                await writer.WriteAsync((short)titles.Year(), NpgsqlDbType.Smallint, cancellationToken);
                await writer.WriteAsync(age.ToString(CultureInfo.InvariantCulture), NpgsqlDbType.Text, cancellationToken);
                await writer.WriteAsync(age, NpgsqlDbType.Smallint, cancellationToken);
                await writer.WriteAsync(titles.Genres(), NpgsqlDbType.Array | NpgsqlDbType.Text, cancellationToken);
                await writer.WriteAsync(JsonSerializer.Serialize(people), NpgsqlDbType.Jsonb, cancellationToken);
                await writer.WriteAsync(titles.Description(), NpgsqlDbType.Text, cancellationToken);
                // One in ten is not open everywhere.
                if (titles.Number(10) == 0) await writer.WriteAsync("""[{"countries":["DE","FR"]},{"from":"2020-01-01T00:00:00Z"}]""", NpgsqlDbType.Jsonb, cancellationToken);
                else await writer.WriteNullAsync(cancellationToken);
            }

            await writer.CompleteAsync(cancellationToken);
        }

        // As autovacuum does a minute later.
        await connection.ExecuteAsync(new CommandDefinition("VACUUM ANALYZE", commandTimeout: 0, cancellationToken: cancellationToken));
    }

    private static (string Kind, string Path) Query(GeneratedTitles titles)
    {
        var title = titles.Title();
        var words = title.Split(' ');
        return titles.Number(100) switch
        {
            < 25 => ("a title", Path(title)),
            < 45 => ("a word of a title", Path(words[titles.Number(words.Length)])),
            < 65 => ("a title that is typed", Path(title[..(1 + titles.Number(title.Length))])),
            < 75 => ("a person", Path(titles.Person())),
            < 85 => ("a typing error", Path(titles.Mistyped(title))),
            < 93 => ("words and filters", Path(words[^1]) + $"&genre={titles.Genre()}&yearFrom={titles.Year() - 10}&maxAge=16"),
            < 96 => ("filters alone", $"/api/search?genre={titles.Genre()}&yearTo={titles.Year()}"),
            _ => ("words of nothing", Path(titles.Person() + " " + title)),
        };

        static string Path(string text) => "/api/search?q=" + Uri.EscapeDataString(text);
    }

    private static async Task<List<Asked>> AskAsync(RunningMovento movento, (string Kind, string Path)[] queries, CancellationToken cancellationToken)
    {
        var asked = new List<Asked>();
        var at = -1;
        await Task.WhenAll(Enumerable.Range(0, Callers).Select(async _ =>
        {
            // With the operator's access token: no answer comes from the cache, as none would to whoever asks first.
            for (int mine; (mine = Interlocked.Increment(ref at)) < queries.Length;)
            {
                var begun = Stopwatch.GetTimestamp();
                using var answer = (await movento.Http.GetAsync(queries[mine].Path, cancellationToken)).EnsureSuccessStatusCode();
                var body = await answer.Content.ReadAsByteArrayAsync(cancellationToken);
                var milliseconds = Stopwatch.GetElapsedTime(begun).TotalMilliseconds;
                using var json = JsonDocument.Parse(body);
                lock (asked) asked.Add(new Asked(queries[mine].Kind, milliseconds, json.RootElement.GetProperty("total").GetInt32()));
            }
        }));
        return asked;
    }

    private sealed record Asked(string Kind, double Milliseconds, int Total);
}
