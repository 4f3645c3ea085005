using System.ComponentModel.DataAnnotations;
using System.Security.Claims;
using Dapper;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Movento.ApiDescription;
using Movento.Contracts;
using Movento.ControlPlane.Http;
using Movento.ControlPlane.Identity.Administration;
using Movento.ControlPlane.Identity.Sessions;

namespace Movento.ControlPlane.Identity.ApiKeys;

/// <summary><c>/api/users/me/api-keys</c>: keys for the programs of content teams, the youngest first. A key does what its owner may do, within its
/// scopes, until it expires, is taken back, or its owner is no editor any more.</summary>
internal static class ApiKeyApi
{
    /// <summary>Keys of one account.</summary>
    public const int Most = 50;

    private const int LongestName = 100;
    private const int LongestLife = 3660;

    // By ticks, in UTC.
    private static readonly PageRules Pages = new(50, 100, DateTime.UnixEpoch.Ticks, DateTime.MaxValue.Ticks);

    /// <param name="Name">What its owner knows it by.</param>
    /// <param name="Scopes">What it may be used for.</param>
    /// <param name="ExpiresInDays">1 to 3660; null for a key that does not expire.</param>
    public sealed record Request(
        [property: Required, MinLength(1), MaxLength(LongestName)] string? Name,
        [property: Required, MinLength(1), Words(typeof(ApiKeyScope), nameof(ApiKeyScope.All))] string[]? Scopes,
        [property: Range(1, LongestLife)] int? ExpiresInDays);

    public sealed record Response(IReadOnlyList<Item> Items, string? Next);

    /// <param name="Id">32 lower-case hexadecimal digits.</param>
    /// <param name="Prefix">The key's first characters.</param>
    /// <param name="LastUsedAt">To the minute; null before the first time.</param>
    public sealed record Item(string Id, string Name, string Prefix, [property: Words(typeof(ApiKeyScope), nameof(ApiKeyScope.All))] IReadOnlyList<string> Scopes, DateTime CreatedAt, DateTime? ExpiresAt, DateTime? LastUsedAt);

    /// <param name="ApiKey">The key itself, shown this once.</param>
    /// <param name="Key">What is kept of it.</param>
    public sealed record Created(string ApiKey, Item Key);

    private static readonly Problem TooMany = new(StatusCodes.Status409Conflict, "too_many_keys", $"An account has at most {Most} keys.");

    private static readonly Problem NotFound = Problem.NotFound("You have no such key.");

    public static void Map(RouteGroupBuilder users)
    {
        var keys = users.MapGroup("/me/api-keys").RequireAuthorization(Access.SignedInPolicy, Access.EditorPolicy);
        keys.MapGet("/", ListAsync)
            .Describe("listApiKeys", "The account's keys for programs", "The youngest first.")
            .Answers<Response>().PagedBy(Pages);
        keys.MapPost("/", CreateAsync)
            .Describe("createApiKey", "Make a key for a program")
            .Answers<Created>("The key itself is shown this once.", StatusCodes.Status201Created).RefusesFields().Refuses(TooMany);
        keys.MapDelete("/{id}", RemoveAsync)
            .Describe("removeApiKey", "Take a key back", "It is refused at once; by an ingest that runs apart within ten seconds.")
            .AnswersNothing().Refuses(NotFound);
    }

    private static async Task<IResult> ListAsync(
        string? after, string? limit, ClaimsPrincipal principal, IdentityDatabase database, CancellationToken cancellationToken)
    {
        var errors = new FieldErrors();
        var (cursor, most) = Pages.Read(after, limit, errors);
        if (errors.Problem is { } wrong) return wrong;
        if (!principal.TryGetUserId(out var user)) return Problem.Unauthenticated;

        await using var connection = await database.OpenAsync(cancellationToken);
        var rows = (await connection.QueryAsync<Row>(new CommandDefinition(
            $"""
            SELECT {Row.Columns} FROM api_keys WHERE user_id = @user {(cursor is null ? "" : "AND (created_at, id) < (@end, @id)")}
            ORDER BY created_at DESC, id DESC LIMIT @most
            """,
            new { user, end = cursor is { } key ? new DateTime(key.Order, DateTimeKind.Utc) : (DateTime?)null, id = cursor?.Id, most = most + 1 },
            cancellationToken: cancellationToken))).AsList();
        var page = rows.Take(most).ToArray();
        return TypedResults.Json(
            new Response([.. page.Select(row => row.ToItem())], rows.Count > most ? new PageCursor(page[^1].CreatedAt.Ticks, page[^1].Id).ToString() : null),
            ControlPlaneJson.Default.ApiKeyApiResponse);
    }

    private static async Task<IResult> CreateAsync(
        JsonBody<Request> body,
        ClaimsPrincipal principal,
        IdentityDatabase database,
        RecentSignIn recent,
        AuditLog audit,
        TimeProvider time,
        CancellationToken cancellationToken)
    {
        if (body.Refusal is { } refusal) return refusal;
        var request = body.Value;
        var errors = new FieldErrors()
            .Note("name", request.Name?.Trim().Length is > 0 and <= LongestName && !request.Name.Any(char.IsControl) ? null : $"A name of 1 to {LongestName} characters.")
            .Note("scopes", request.Scopes is { Length: > 0 } scopes && scopes.All(ApiKeyScope.All.Contains) ? null : $"Some of {string.Join(", ", ApiKeyScope.All)}.")
            .Note("expiresInDays", request.ExpiresInDays is null or (> 0 and <= LongestLife) ? null : $"A number from 1 to {LongestLife}, or none.");
        if (errors.Problem is { } wrong) return wrong;
        if (await recent.WrongWithAsync(principal, cancellationToken) is { } tooOld) return tooOld;
        if (!principal.TryGetUserId(out var user)) return Problem.Unauthenticated;

        var now = time.GetUtcNow();
        var (key, hash) = ApiKeyFormat.New();
        await using var connection = await database.OpenAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var owner = await connection.QuerySingleOrDefaultAsync<Guid?>(new CommandDefinition(
            "SELECT id FROM users WHERE id = @user FOR UPDATE", new { user }, cancellationToken: cancellationToken));
        if (owner is null) return Problem.Unauthenticated;
        var row = await connection.QuerySingleOrDefaultAsync<Row>(new CommandDefinition(
            $"""
            INSERT INTO api_keys (id, user_id, name, hash, prefix, scopes, created_at, expires_at)
            SELECT @id, @user, @name, @hash, @prefix, @scopes, @now, @expires WHERE (SELECT count(*) FROM api_keys WHERE user_id = @user) < {Most}
            RETURNING {Row.Columns}
            """,
            new
            {
                id = Guid.CreateVersion7(now),
                user,
                name = request.Name!.Trim(),
                hash,
                prefix = ApiKeyFormat.PrefixOf(key),
                scopes = request.Scopes!.Distinct().ToArray(),
                now,
                expires = request.ExpiresInDays is { } days ? now.AddDays(days) : (DateTimeOffset?)null,
            },
            cancellationToken: cancellationToken));
        if (row is null) return TooMany;
        await audit.AddAsync(connection, user, AuditAction.ApiKeyCreated, user, row.Id.ToString("N"), cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return TypedResults.Json(new Created(key, row.ToItem()), ControlPlaneJson.Default.ApiKeyApiCreated, statusCode: StatusCodes.Status201Created);
    }

    private static async Task<IResult> RemoveAsync(
        string id, ClaimsPrincipal principal, IdentityDatabase database, AuditLog audit, CancellationToken cancellationToken)
    {
        if (!principal.TryGetUserId(out var user)) return Problem.Unauthenticated;
        if (!Guid.TryParseExact(id, "N", out var key)) return NotFound;
        await using var connection = await database.OpenAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var removed = await connection.ExecuteAsync(new CommandDefinition(
            "DELETE FROM api_keys WHERE id = @key AND user_id = @user", new { key, user }, cancellationToken: cancellationToken));
        if (removed == 0) return NotFound;
        await audit.AddAsync(connection, user, AuditAction.ApiKeyRemoved, user, id, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return TypedResults.NoContent();
    }

    /// <summary>A key as the table <c>api_keys</c> holds it, without its hash.</summary>
    public sealed class Row
    {
        public const string Columns =
            "id AS Id, name AS Name, prefix AS Prefix, scopes AS Scopes, created_at AS CreatedAt, expires_at AS ExpiresAt, last_used_at AS LastUsedAt";

        public required Guid Id { get; init; }
        public required string Name { get; init; }
        public required string Prefix { get; init; }
        public required string[] Scopes { get; init; }
        public required DateTime CreatedAt { get; init; }
        public required DateTime? ExpiresAt { get; init; }
        public required DateTime? LastUsedAt { get; init; }

        public Item ToItem() => new(Id.ToString("N"), Name, Prefix, Scopes, CreatedAt, ExpiresAt, LastUsedAt);
    }
}
