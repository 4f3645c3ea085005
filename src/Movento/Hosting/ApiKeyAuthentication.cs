using System.Security.Claims;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;
using Movento.Contracts;
using Npgsql;

namespace Movento.Hosting;

/// <summary>Takes an API key where an access token is: <c>Authorization: Bearer mvk_…</c>. Its claims are those that its owner's token would have.</summary>
internal sealed class ApiKeyAuthentication(
    IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder, IApiKeyHolders holders)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
{
    public const string SchemeName = "api-key";

    private const string Bearer = "Bearer ";

    /// <summary>Whether the request brings a key, well-formed or not.</summary>
    public static bool TryRead(HttpRequest request, out string key)
    {
        var header = request.Headers.Authorization.ToString();
        key = header.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase) ? header[Bearer.Length..].Trim() : "";
        return key.StartsWith(ApiKeyFormat.Prefix, StringComparison.Ordinal);
    }

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        if (!TryRead(Request, out var key)) return AuthenticateResult.NoResult();
        if (!ApiKeyFormat.TryHash(key, out var hash) || await FindAsync(hash) is not { } holder)
            return AuthenticateResult.Fail("There is no such key.");

        var identity = new ClaimsIdentity(SchemeName, "sub", Access.RolesClaim);
        identity.AddClaim(new Claim("sub", holder.UserId.ToString("N")));
        identity.AddClaim(new Claim(Access.KeyClaim, holder.KeyId.ToString("N")));
        identity.AddClaims(holder.Roles.Select(role => new Claim(Access.RolesClaim, role)));
        identity.AddClaims(holder.Scopes.Select(scope => new Claim(Access.ScopeClaim, scope)));
        return AuthenticateResult.Success(new AuthenticationTicket(new ClaimsPrincipal(identity), SchemeName));
    }

    private async Task<ApiKeyHolder?> FindAsync(byte[] hash)
    {
        try
        {
            return await holders.FindAsync(hash, Context.RequestAborted);
        }
        catch (Exception error) when (error is NpgsqlException { IsTransient: true } or TimeoutException)
        {
            throw new AccessUnavailableException("It cannot be said at this moment whose key this is.", error);
        }
    }

    protected override Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        Response.StatusCode = StatusCodes.Status401Unauthorized;
        // RFC 6750 §3.1, as for a token.
        Response.Headers.WWWAuthenticate = "Bearer error=\"invalid_token\"";
        return Task.CompletedTask;
    }
}
