using System.ComponentModel.DataAnnotations;
using Dapper;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Routing;
using Movento.ApiDescription;
using Movento.ControlPlane.Http;
using Movento.ControlPlane.Identity.Passwords;
using Movento.ControlPlane.Identity.Sessions;

namespace Movento.ControlPlane.Identity;

/// <summary><c>POST /api/auth/login</c>: e-mail and password to a session. Says the same, after the same work, whether the account
/// does not exist or the password is another.</summary>
internal static class Login
{
    public sealed record Request([property: Required, MaxLength(EmailAddress.MaxLength)] string? Email, [property: Required] string? Password);

    private static readonly Problem InvalidCredentials =
        new(StatusCodes.Status401Unauthorized, "invalid_credentials", "The e-mail address or the password is not right.");

    // One answer for all of it: one of its own for an address that waits for its confirmation would tell whoever just registered it
    // that it had no account before.
    private static readonly Problem InvalidCredentialsOrUnconfirmed = InvalidCredentials with
    {
        Hint = "A new account can be used once the link in the mail that was sent to its address was opened.",
    };

    public static void Map(RouteGroupBuilder auth) => auth.MapPost("/login", HandleAsync).AllowAnonymous()
        .Describe("login", "Sign in with an e-mail address and a password")
        .SignsIn().AsksForSecondFactor()
        .RefusesFields().Refuses(InvalidCredentials);

    private static async Task<IResult> HandleAsync(
        JsonBody<Request> body,
        HttpContext context,
        IdentityDatabase database,
        AttemptLimits limits,
        PasswordHashing passwords,
        DeviceCookie devices,
        SignedIn signedIn,
        ControlPlaneOptions options,
        CancellationToken cancellationToken)
    {
        if (body.Refusal is { } refusal) return refusal;
        var hasEmail = EmailAddress.TryNormalize(body.Value.Email, out var email);
        var errors = new FieldErrors()
            .Note("email", hasEmail ? null : EmailAddress.Wrong)
            .Note("password", string.IsNullOrEmpty(body.Value.Password) ? "The password." : null);
        if (errors.Problem is { } wrong) return wrong;
        var password = body.Value.Password!;
        var address = context.Connection.RemoteIpAddress;

        // :: Step 1: count before checking, apart for a device that its owner signed in from before
        var user = await FindAsync(database, email!, cancellationToken);
        var device = user is null ? null : devices.Read(context, user.Id);
        if (await limits.CountSignInAsync(email!, address, device, cancellationToken) is { } tooMany) return tooMany;

        // :: Step 2: check, with the same work for an account that does not exist
        var verified = await passwords.VerifyAsync(user?.PasswordHash, password, cancellationToken);
        if (user is null || verified == PasswordVerificationResult.Failed || user.DisabledAt is not null || (user.ConfirmedAt is null && options.Mail.IsConfirmationRequired))
            return options.Mail.IsConfirmationRequired ? InvalidCredentialsOrUnconfirmed : InvalidCredentials;

        // :: Step 3: bring the hash up to today's parameters while the password is at hand
        if (verified == PasswordVerificationResult.SuccessRehashNeeded)
            await RehashAsync(database, user, await passwords.HashAsync(password, cancellationToken), cancellationToken);

        // :: Step 4: let in, or ask for the second factor
        await limits.ForgiveSignInAsync(email!, address, device, cancellationToken);
        return await signedIn.StartOrAskAsync(context, user, cancellationToken);
    }

    /// <summary>The account with this (normalised) address; null where there is none.</summary>
    public static async Task<UserRow?> FindAsync(IdentityDatabase database, string email, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        return await connection.QuerySingleOrDefaultAsync<UserRow>(new CommandDefinition(
            $"SELECT {UserRow.Columns} FROM users u WHERE u.email = @email", new { email }, cancellationToken: cancellationToken));
    }

    // Only over the hash that was checked: a password that was changed meanwhile stays changed.
    private static async Task RehashAsync(IdentityDatabase database, UserRow user, string hash, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        await connection.ExecuteAsync(new CommandDefinition(
            "UPDATE users SET password_hash = @hash WHERE id = @Id AND password_hash = @PasswordHash",
            new { hash, user.Id, user.PasswordHash },
            cancellationToken: cancellationToken));
    }
}
