using System.ComponentModel.DataAnnotations;
using System.Security.Claims;
using Dapper;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Movento.ApiDescription;
using Movento.Contracts;
using Movento.ControlPlane.Http;
using Movento.ControlPlane.Identity.Sessions;

namespace Movento.ControlPlane.Identity.Profiles;

/// <summary><c>/api/users/me/profiles</c>: the profiles of an account, at most <see cref="Most"/>, the oldest first.</summary>
internal static class ProfileApi
{
    /// <summary>Profiles of one account. All fit on one page.</summary>
    public const int Most = 8;

    /// <summary>Of a name, in UTF-16 units.</summary>
    private const int LongestName = 50;

    /// <param name="Name">Needed of a new one.</param>
    /// <param name="IsKids">Whether only what is for children may be shown.</param>
    /// <param name="MaximumAge">Only what is rated for at most this age may be shown; null for everything.</param>
    /// <param name="Language">Preferred, BCP 47; <c>en</c> of a new one where nothing is said.</param>
    public sealed record Request([property: MinLength(1), MaxLength(LongestName)] string? Name, bool? IsKids, int? MaximumAge, string? Language);

    public sealed record Response(IReadOnlyList<Profile> Items);

    // Whoever asks has the password; whoever watches on another device may not.
    private static readonly string EndBounded =
        $"""
        UPDATE sessions s SET revoked_at = @now FROM profiles p
        WHERE p.id = @profile AND p.user_id = @user AND p.maximum_age < {Maturity.Everything} AND s.profile_id = p.id AND s.id <> @current AND s.revoked_at IS NULL
        RETURNING s.id AS Id, s.plays_until AS PlaysUntil
        """;

    private static readonly Problem NotFound = Problem.NotFound("You have no such profile.");

    private static readonly Problem TooMany = new(StatusCodes.Status409Conflict, "too_many_profiles", $"An account has at most {Most} profiles.");

    public static void Map(RouteGroupBuilder users)
    {
        var profiles = users.MapGroup("/me/profiles").RequireAuthorization(Access.SignedInPolicy);
        profiles.MapGet("/", ListAsync)
            .Describe("listProfiles", "Who watches with the account", "The oldest first.")
            .Answers<Response>().IsWhole(Most);
        profiles.MapPost("/", AddAsync)
            .Describe("addProfile", "Add a profile")
            .Answers<Profile>(status: StatusCodes.Status201Created).RefusesFields().Refuses(TooMany);
        profiles.MapPatch("/{id}", EditAsync)
            .Describe("editProfile", "Change a profile", "What is left out stays.")
            .Answers<Profile>().RefusesFields().Refuses(NotFound);
        profiles.MapDelete("/{id}", RemoveAsync)
            .Describe("removeProfile", "Remove a profile", "With everything that was watched in it, in every area. Other sessions that watch in one with a bound of age are over: without it everything would play there.")
            .AnswersNothing().Refuses(NotFound);
    }

    private static async Task<IResult> ListAsync(ClaimsPrincipal principal, IdentityDatabase database, CancellationToken cancellationToken) =>
        principal.TryGetUserId(out var user)
            ? TypedResults.Json(new Response(await OfAsync(database, user, cancellationToken)), ControlPlaneJson.Default.ProfileApiResponse)
            : Problem.Unauthenticated;

    /// <summary>Every profile of an account.</summary>
    public static async Task<IReadOnlyList<Profile>> OfAsync(IdentityDatabase database, Guid user, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        var rows = await connection.QueryAsync<ProfileRow>(new CommandDefinition(
            $"SELECT {ProfileRow.Columns} FROM profiles WHERE user_id = @user ORDER BY created_at, id", new { user }, cancellationToken: cancellationToken));
        return [.. rows.Select(row => row.ToProfile())];
    }

    private static async Task<IResult> AddAsync(
        JsonBody<Request> body, ClaimsPrincipal principal, IdentityDatabase database, TimeProvider time, CancellationToken cancellationToken)
    {
        if (body.Refusal is { } refusal) return refusal;
        var request = body.Value;
        var language = request.Language ?? "en";
        if (new FieldErrors().Note("name", WrongWithName(request.Name)).Note("language", LanguageTag.WrongWith(language))
            .Note("maximumAge", Maturity.WrongWith(request.MaximumAge, request.IsKids)).Problem is { } wrong) return wrong;
        if (!principal.TryGetUserId(out var user)) return Problem.Unauthenticated;

        var now = time.GetUtcNow();
        var isKids = request.IsKids ?? false;
        var row = new ProfileRow
        {
            Id = Guid.CreateVersion7(now),
            Name = request.Name!.Trim(),
            IsKids = isKids,
            MaximumAge = (short)(request.MaximumAge ?? (isKids ? Maturity.Kids : Maturity.Everything)),
            Language = language,
        };
        await using var connection = await database.OpenAsync(cancellationToken);
        // The account's row is locked, so that several at once do not pass the bound together.
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var exists = await connection.QuerySingleOrDefaultAsync<Guid?>(new CommandDefinition(
            "SELECT id FROM users WHERE id = @user FOR UPDATE", new { user }, cancellationToken: cancellationToken));
        if (exists is null) return Problem.Unauthenticated;
        var added = await connection.ExecuteAsync(new CommandDefinition(
            $"""
            INSERT INTO profiles (id, user_id, name, is_kids, maximum_age, language, created_at)
            SELECT @Id, @user, @Name, @IsKids, @MaximumAge, @Language, @now WHERE (SELECT count(*) FROM profiles WHERE user_id = @user) < {Most}
            """,
            new { row.Id, user, row.Name, row.IsKids, row.MaximumAge, row.Language, now },
            cancellationToken: cancellationToken));
        if (added == 0) return TooMany;
        await transaction.CommitAsync(cancellationToken);
        return TypedResults.Json(row.ToProfile(), ControlPlaneJson.Default.Profile, statusCode: StatusCodes.Status201Created);
    }

    private static async Task<IResult> EditAsync(
        string id, JsonBody<Request> body, ClaimsPrincipal principal, IdentityDatabase database, ProfileLock bound, CancellationToken cancellationToken)
    {
        if (body.Refusal is { } refusal) return refusal;
        var request = body.Value;
        var errors = new FieldErrors()
            .Note("name", request.Name is null ? null : WrongWithName(request.Name))
            .Note("language", request.Language is null ? null : LanguageTag.WrongWith(request.Language))
            .Note("maximumAge", Maturity.WrongWith(request.MaximumAge, request.IsKids));
        if (errors.Problem is { } wrong) return wrong;
        if (!principal.TryGetUserId(out var user)) return Problem.Unauthenticated;
        if (!Guid.TryParseExact(id, "N", out var profile)) return NotFound;

        if (await bound.WrongWithAsync(principal, Maturity.Everything, cancellationToken) is { } locked) return locked;
        await using var connection = await database.OpenAsync(cancellationToken);
        var row = await connection.QuerySingleOrDefaultAsync<ProfileRow>(new CommandDefinition(
            $"""
            UPDATE profiles SET name = coalesce(@name, name), is_kids = coalesce(@IsKids, is_kids), language = coalesce(@Language, language),
              maximum_age = CASE WHEN coalesce(@IsKids, is_kids) THEN least(coalesce(@MaximumAge, maximum_age), {Maturity.Kids}) ELSE coalesce(@MaximumAge, maximum_age) END
            WHERE id = @profile AND user_id = @user RETURNING {ProfileRow.Columns}
            """,
            new { profile, user, name = request.Name?.Trim(), request.IsKids, request.MaximumAge, request.Language },
            cancellationToken: cancellationToken));
        return row is null ? NotFound : TypedResults.Json(row.ToProfile(), ControlPlaneJson.Default.Profile);
    }

    private static async Task<IResult> RemoveAsync(
        string id, ClaimsPrincipal principal, IdentityDatabase database, ProfileLock bound, EndedSessions ended, DeletedProfiles deleted, TimeProvider time, CancellationToken cancellationToken)
    {
        if (!principal.TryGetUserId(out var user) || !principal.TryGetSession(out var current)) return Problem.Unauthenticated;
        if (!Guid.TryParseExact(id, "N", out var profile)) return NotFound;
        if (await bound.WrongWithAsync(principal, Maturity.Everything, cancellationToken) is { } locked) return locked;
        var now = time.GetUtcNow();
        EndedSession[] over;
        await using (var connection = await database.OpenAsync(cancellationToken))
        await using (var transaction = await connection.BeginTransactionAsync(cancellationToken))
        {
            over = [.. await connection.QueryAsync<EndedSession>(new CommandDefinition(EndBounded, new { profile, user, current, now }, transaction, cancellationToken: cancellationToken))];
            var removed = await connection.ExecuteAsync(new CommandDefinition(
                DeletedProfiles.Remove, new { profile, user, now }, transaction, cancellationToken: cancellationToken));
            if (removed == 0) return NotFound;
            await transaction.CommitAsync(cancellationToken);
        }

        await ended.TellAsync(over);
        await deleted.AnnounceAtOnceAsync();
        return TypedResults.NoContent();
    }

    private static string? WrongWithName(string? name) =>
        name?.Trim().Length is > 0 and <= LongestName && !name.Any(char.IsControl) ? null : $"A name of 1 to {LongestName} characters, without line breaks.";
}
