using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using Movento.Contracts;
using Movento.ControlPlane.Identity.Profiles;

namespace Movento.ControlPlane.Identity.AccessTokens;

/// <summary>Issues access tokens: JWT in the profile of RFC 9068, ES256.</summary>
internal sealed class AccessTokenIssuer(AccessTokenKeyRing keys, ControlPlaneOptions options, TimeProvider time)
{
    private readonly JsonWebTokenHandler _handler = new() { SetDefaultTimesOnTokenCreation = false };

    public TimeSpan Lifetime => options.AccessTokenLifetime;

    /// <param name="user">Whom it names.</param>
    /// <param name="session">The sign-in it is given to.</param>
    /// <param name="profile">Who watches in it; null for nobody in particular.</param>
    public string Issue(User user, Guid session, SessionProfile? profile)
    {
        var claims = new Dictionary<string, object>
        {
            [JwtRegisteredClaimNames.Sub] = user.Id,
            [JwtRegisteredClaimNames.Jti] = Guid.NewGuid().ToString("N"),
            [Access.SessionClaim] = session.ToString("N"),
            [Access.RolesClaim] = user.Roles.ToArray(),
        };
        if (profile is not null)
        {
            claims[Access.ProfileClaim] = profile.Id.ToString("N");
            if (profile.IsKids) claims[Access.KidsClaim] = true;
            if (profile.MaximumAge < Maturity.Everything) claims[Access.MaximumAgeClaim] = profile.MaximumAge;
        }

        var now = time.GetUtcNow().UtcDateTime;
        return _handler.CreateToken(new SecurityTokenDescriptor
        {
            TokenType = Access.TokenType,
            Issuer = Access.Issuer,
            Audience = Access.Audience,
            IssuedAt = now,
            NotBefore = now,
            Expires = now + options.AccessTokenLifetime,
            SigningCredentials = keys.SigningAt(time.GetUtcNow()),
            Claims = claims,
        });
    }
}
