using System.ComponentModel.DataAnnotations;
using Dapper;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Movento.ApiDescription;
using Movento.Contracts;
using Movento.ControlPlane.Http;
using Movento.ControlPlane.Identity.Mail;
using Movento.ControlPlane.Identity.Passwords;

namespace Movento.ControlPlane.Identity;

/// <summary><c>POST /api/auth/register</c>: a new viewer. An address that has an account already gets the same answer, after the
/// same work, and its account stays as it is.</summary>
internal static class Register
{
    public sealed record Request(
        [property: Required, MaxLength(EmailAddress.MaxLength)] string? Email,
        [property: Required, MinLength(PasswordRules.MinLength), MaxLength(PasswordRules.MaxLength)] string? Password,
        [property: MaxLength(DisplayName.MaxLength)] string? Name);

    /// <param name="User">The account, as it is where the address had none before.</param>
    /// <param name="IsConfirmationRequired">Whether it can be used only once the link of the mail that was sent is opened.</param>
    public sealed record Response(User User, bool IsConfirmationRequired);

    public static void Map(RouteGroupBuilder auth) => auth.MapPost("/register", HandleAsync).AllowAnonymous()
        .Describe("register", "Make an account", "An address that has an account already gets the same answer, and its owner a mail that says so.")
        .Answers<Response>("The account, as it is where the address had none before.", StatusCodes.Status201Created)
        .RefusesFields();

    private static async Task<IResult> HandleAsync(
        JsonBody<Request> body,
        HttpContext context,
        IdentityDatabase database,
        AttemptLimits limits,
        PasswordHashing passwords,
        MailOrders mails,
        ControlPlaneOptions options,
        TimeProvider time,
        CancellationToken cancellationToken)
    {
        if (body.Refusal is { } refusal) return refusal;
        var request = body.Value;
        var hasEmail = EmailAddress.TryNormalize(request.Email, out var email);
        var errors = new FieldErrors()
            .Note("email", hasEmail ? null : EmailAddress.Wrong)
            .Note("password", PasswordRules.WrongWith(request.Password, email))
            .Note("name", DisplayName.WrongWith(request.Name));
        if (errors.Problem is { } wrong) return wrong;
        if (await limits.CountRegistrationAsync(context.Connection.RemoteIpAddress, cancellationToken) is { } tooMany) return tooMany;

        var now = time.GetUtcNow();
        var user = new UserRow
        {
            Id = Guid.CreateVersion7(now),
            Email = email!,
            Name = DisplayName.OrFrom(request.Name, email!),
            PasswordHash = await passwords.HashAsync(request.Password!, cancellationToken),
            Roles = [Access.ViewerRole],
        };
        await InsertAsync(database, user, now, options.Mail.IsConfirmationRequired && options.UnconfirmedRetention > TimeSpan.Zero ? now + options.UnconfirmedRetention : null, cancellationToken);
        // One mail either way: to confirm, or to say that there is an account. Which one is found out when it is made.
        await mails.AddAsync(MailKind.Registration, user.Email, user.Id, cancellationToken);
        return TypedResults.Json(
            new Response(user.ToUser(), options.Mail.IsConfirmationRequired), ControlPlaneJson.Default.RegisterResponse, statusCode: StatusCodes.Status201Created);
    }

    /// <summary>Makes the account; false, and nothing done, where the address has one.</summary>
    /// <param name="confirmBy">When it goes if its address is not confirmed; null where it stays.</param>
    public static async Task<bool> InsertAsync(
        IdentityDatabase database, UserRow user, DateTimeOffset now, DateTimeOffset? confirmBy, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        return await connection.ExecuteAsync(new CommandDefinition(
            """
            WITH made AS (
              INSERT INTO users (id, email, name, password_hash, roles, created_at, confirmed_at, confirm_by)
              VALUES (@Id, @Email, @Name, @PasswordHash, @Roles, @now, @ConfirmedAt, @confirmBy)
              ON CONFLICT (email) DO NOTHING RETURNING id, name)
            INSERT INTO profiles (id, user_id, name, is_kids, language, created_at) SELECT @profile, id, left(name, 50), false, 'en', @now FROM made
            """,
            new { profile = Guid.CreateVersion7(now), user.Id, user.Email, user.Name, user.PasswordHash, user.Roles, now, user.ConfirmedAt, confirmBy },
            cancellationToken: cancellationToken)) == 1;
    }
}
