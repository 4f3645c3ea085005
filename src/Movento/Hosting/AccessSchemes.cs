using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.DataProtection;
using Movento.Contracts;
using Movento.ControlPlane;
using Movento.ControlPlane.Identity.AccessTokens;

namespace Movento.Hosting;

/// <summary>Who may call the API: bearers of access tokens and, within their scopes, of API keys.</summary>
public static class AccessSchemes
{
    private const string Either = "bearer";

    /// <summary>Adds the schemes and the policies of <see cref="Access"/>. <see cref="IApiKeyHolders"/> must be registered beside it.</summary>
    public static void AddMoventoAccess(this IServiceCollection services, ControlPlaneOptions options, TimeProvider time)
    {
        // AddAuthentication brings data protection along, which would write keys into the home folder; nothing here uses it.
        services.AddDataProtection().UseEphemeralDataProtectionProvider();
        services.AddAuthentication(Either)
            .AddPolicyScheme(Either, null, scheme => scheme.ForwardDefaultSelector = context =>
                ApiKeyAuthentication.TryRead(context.Request, out _) ? ApiKeyAuthentication.SchemeName : JwtBearerDefaults.AuthenticationScheme)
            .AddJwtBearer(bearer =>
            {
                bearer.MapInboundClaims = false;
                bearer.TokenValidationParameters = AccessTokenValidation.Parameters(options, time);
            })
            .AddScheme<AuthenticationSchemeOptions, ApiKeyAuthentication>(ApiKeyAuthentication.SchemeName, null);
        services.AddAuthorizationBuilder()
            .AddPolicy(Access.SignedInPolicy, policy => policy.RequireAuthenticatedUser().RequireAssertion(context => !IsKey(context)))
            .AddPolicy(Access.EditorPolicy, policy => policy.RequireRole(Access.EditorRole).RequireAssertion(IsWithinScope))
            .AddPolicy(Access.AdminPolicy, policy => policy.RequireRole(Access.AdminRole).RequireAssertion(context => !IsKey(context)));
    }

    private static bool IsKey(AuthorizationHandlerContext context) => context.User.HasClaim(claim => claim.Type == Access.KeyClaim);

    private static bool IsWithinScope(AuthorizationHandlerContext context) =>
        !IsKey(context)
        || (context.Resource is HttpContext { Request: var request }
            && ApiKeyScope.Needed(request.Method, request.Path) is { } scope
            && context.User.HasClaim(Access.ScopeClaim, scope));
}
