using Microsoft.Extensions.DependencyInjection;
using Microsoft.IdentityModel.Tokens;
using Movento.Contracts;

namespace Movento.ControlPlane.Identity.AccessTokens;

/// <summary>How a host that has the keys checks access tokens with its JwtBearer scheme.</summary>
public static class AccessTokenValidation
{
    /// <summary>How far the clocks of issuer and checker may be apart.</summary>
    public static readonly TimeSpan ClockSkew = TimeSpan.FromSeconds(30);

    /// <summary>
    /// Only ES256 under one of our keys, named by <c>kid</c>; only <c>typ: at+jwt</c>, our issuer and our audience; only while
    /// <paramref name="time"/> says that the token lives. The scheme must set <c>MapInboundClaims = false</c>: claims are read
    /// under the names that stand in the token.
    /// </summary>
    public static TokenValidationParameters Parameters(AccessTokenKeyRing keys, TimeProvider time) => new()
    {
        ValidAlgorithms = [SecurityAlgorithms.EcdsaSha256],
        ValidTypes = [Access.TokenType],
        ValidIssuer = Access.Issuer,
        ValidAudience = Access.Audience,
        // Asked for at every token: keys come and go while the process runs.
        IssuerSigningKeyResolver = (_, _, kid, _) => keys.FindAt(kid, time.GetUtcNow()) is { } key ? [key] : [],
        TryAllIssuerSigningKeys = false,
        RequireSignedTokens = true,
        RequireExpirationTime = true,
        ValidateIssuerSigningKey = true,
        ClockSkew = ClockSkew,
        LifetimeValidator = (notBefore, expires, _, _) => Lives(notBefore, expires, time.GetUtcNow().UtcDateTime),
        NameClaimType = "sub",
        RoleClaimType = Access.RolesClaim,
    };

    /// <summary>The one ring of the process, for whoever signs and whoever verifies.</summary>
    public static void AddAccessTokenKeys(this IServiceCollection services, ControlPlaneOptions options)
    {
        if (!services.Any(service => service.ServiceType == typeof(AccessTokenKeyRing)))
            services.AddSingleton(new AccessTokenKeyRing(options.AccessTokenKeys, options.AccessTokenLifetime));
    }

    private static bool Lives(DateTime? notBefore, DateTime? expires, DateTime now) =>
        expires is { } end && now < end + ClockSkew && (notBefore is not { } start || now >= start - ClockSkew);
}
