using System.Globalization;
using Dapper;
using Microsoft.AspNetCore.Http;
using Movento.Contracts;

namespace Movento.Ingest.Assets;

/// <summary>Which of a team's assets are wanted, and where the page begins.</summary>
/// <param name="Before">Assets older than this one; null for the newest.</param>
/// <param name="Count">The most of them.</param>
/// <param name="States">As the API names them; null for all.</param>
/// <param name="Title">A part of the title, as a pattern of LIKE; null for any.</param>
/// <param name="CreatedFrom">Created then or later.</param>
/// <param name="CreatedTo">Created before.</param>
internal sealed record AssetQuery(Guid? Before, int Count, string[]? States, string? Title, DateTime? CreatedFrom, DateTime? CreatedTo)
{
    public const int DefaultLimit = 50;
    public const int MaxLimit = 100;
    public const int MaxTitle = 200;

    public static readonly string[] KnownStates =
        [AssetState.Receiving, AssetState.Queued, AssetState.Processing, AssetState.Published, AssetState.Rejected, AssetState.Cancelled];

    /// <summary>Reads the parameters of a request.</summary>
    public static IngestError? Read(IQueryCollection parameters, out AssetQuery query)
    {
        query = new(null, DefaultLimit, null, null, null, null);
        if (parameters["after"] is [{ } after, ..])
        {
            if (!AssetId.TryParse(after, out var id)) return IngestError.InvalidPage;
            query = query with { Before = id.Value };
        }
        if (parameters["limit"] is [{ } limit, ..])
        {
            if (!int.TryParse(limit, NumberStyles.None, CultureInfo.InvariantCulture, out var count) || count is < 1 or > MaxLimit) return IngestError.InvalidPage;
            query = query with { Count = count };
        }
        if (parameters["state"] is [{ Length: > 0 } state, ..])
        {
            var states = state.Split(',');
            if (states.Length > KnownStates.Length || states.Except(KnownStates).Any()) return IngestError.InvalidFilter;
            query = query with { States = states };
        }
        if (parameters["title"] is [{ } title, ..] && title.Trim() is { Length: > 0 } words)
        {
            if (words.Length > MaxTitle || words.Contains('\0', StringComparison.Ordinal)) return IngestError.InvalidFilter;
            query = query with { Title = $"%{words.Replace(@"\", @"\\", StringComparison.Ordinal).Replace("%", @"\%", StringComparison.Ordinal).Replace("_", @"\_", StringComparison.Ordinal)}%" };
        }
        if (!TryReadTime(parameters["createdFrom"], out var from) || !TryReadTime(parameters["createdTo"], out var to)) return IngestError.InvalidFilter;
        query = query with { CreatedFrom = from, CreatedTo = to };
        return null;
    }

    private static bool TryReadTime(Microsoft.Extensions.Primitives.StringValues texts, out DateTime? time)
    {
        time = null;
        if (texts is not [{ Length: > 0 } text, ..]) return true;
        if (!DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var read)) return false;
        time = read.UtcDateTime;
        return true;
    }
}

/// <summary>Lists a team's assets, the newest first.</summary>
internal sealed class AssetList(IngestDatabase database, TimeProvider time)
{
    public async Task<AssetPage> ReadAsync(Guid team, AssetQuery query, CancellationToken cancellationToken)
    {
        await using var connection = await database.Source.OpenConnectionAsync(cancellationToken);
        // Before the rows: a change in between comes by the stream too, rather than not at all.
        var events = await ChangeCursor.TakeAsync(connection, time, cancellationToken);
        var rows = (await connection.QueryAsync<AssetRow>(new CommandDefinition(
            $"""
            select {AssetRow.Columns} from assets
            where team_id = @team and state <> 'deleting'
              {(query.Before is null ? "" : "and id < @Before")}
              {(query.States is null ? "" : "and (state = any(@States) or version is not null and 'published' = any(@States))")}
              {(query.Title is null ? "" : "and title ilike @Title")}
              {(query.CreatedFrom is null ? "" : "and created_at >= @CreatedFrom")}
              {(query.CreatedTo is null ? "" : "and created_at < @CreatedTo")}
            order by id desc limit @take
            """,
            new { team, query.Before, query.States, query.Title, query.CreatedFrom, query.CreatedTo, take = query.Count + 1 },
            cancellationToken: cancellationToken))).AsList();
        var items = rows.Take(query.Count).Select(row => row.View()).ToList();
        return new AssetPage(items, rows.Count > query.Count ? items[^1].Id : null, events.ToString());
    }
}
