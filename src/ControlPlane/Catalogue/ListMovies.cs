using System.Globalization;
using System.Text.Json;
using Dapper;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Movento.ControlPlane.Http;
using Movento.ControlPlane.Delivery;

namespace Movento.ControlPlane.Catalogue;

/// <summary><c>GET /api/movies?after=…&amp;limit=…</c>: published films, newest first, a page at a time. Output-cached
/// (<see cref="MovieListCachePolicy"/>), so the answer is whole before its first byte is sent, and no caller can stop its making.</summary>
internal static class ListMovies
{
    public const int DefaultLimit = 50;

    public const int MaxLimit = 100;

    /// <summary>How long making a page may take, instead of the caller's patience.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <param name="Items">The films.</param>
    /// <param name="Next">What to send as <c>after</c> for the next page; null when this was the last.</param>
    public sealed record Response(IReadOnlyList<Movie> Items, string? Next);

    public static void Map(RouteGroupBuilder movies) => movies.MapGet("/", HandleAsync)
        .AllowAnonymous()
        .CacheOutput(policy => policy.AddPolicy<MovieListCachePolicy>(), excludeDefaultPolicy: true);

    private static async Task<IResult> HandleAsync(
        string? after, string? limit, CatalogueDatabase database, EdgeUrls edge, TimeProvider time)
    {
        var most = DefaultLimit;
        MovieCursor? cursor = null;
        var errors = new FieldErrors();
        if (limit is not null
            && (!int.TryParse(limit, NumberStyles.None, CultureInfo.InvariantCulture, out most) || most is < 1 or > MaxLimit))
            errors.Note("limit", $"A number from 1 to {MaxLimit}.");
        if (after is not null)
        {
            if (MovieCursor.TryParse(after, out var parsed)) cursor = parsed;
            else errors.Note("after", "The 'next' of an earlier page.");
        }

        if (errors.Problem is { } wrong) return wrong;

        using var patience = new CancellationTokenSource(Patience, time);
        var rows = await ReadAsync(database, cursor, most + 1, patience.Token);
        var page = rows.Take(most).ToArray();
        var next = rows.Count > most ? new MovieCursor(page[^1].PublishedAt, page[^1].Id).ToString() : null;
        return new WholeJson(JsonSerializer.SerializeToUtf8Bytes(
            new Response([.. page.Select(row => row.ToMovie(edge))], next), ControlPlaneJson.Default.ListMoviesResponse));
    }

    private static async Task<IReadOnlyList<MovieRow>> ReadAsync(
        CatalogueDatabase database, MovieCursor? cursor, int most, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        var rows = await connection.QueryAsync<MovieRow>(new CommandDefinition(
            $"""
            SELECT {MovieRow.Columns} FROM movies
            WHERE {MovieRow.IsPlayable} {(cursor is null ? "" : $"AND ({MovieRow.Moment}, id) < (@PublishedAt, @Id)")}
            ORDER BY {MovieRow.Moment} DESC, id DESC LIMIT @most
            """,
            new { cursor?.PublishedAt, cursor?.Id, most },
            cancellationToken: cancellationToken));
        return rows.AsList();
    }

    /// <summary>JSON with its length, written whether or not the caller still listens: the output cache compares the two, and keeps
    /// nothing that is shorter.</summary>
    private sealed class WholeJson(byte[] json) : IResult
    {
        public async Task ExecuteAsync(HttpContext httpContext)
        {
            httpContext.Response.ContentType = "application/json; charset=utf-8";
            httpContext.Response.ContentLength = json.Length;
            await httpContext.Response.Body.WriteAsync(json, CancellationToken.None);
        }
    }
}
