using MassTransit;
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
        services.AddSingleton(new EndedSignIns(time));
        services.AddAccessTokenKeys(options);
        // AddAuthentication brings data protection along, which would write keys into the home folder; nothing here uses it.
        services.AddDataProtection().UseEphemeralDataProtectionProvider();
        services.AddAuthentication(Either)
            .AddPolicyScheme(Either, null, scheme => scheme.ForwardDefaultSelector = context =>
                ApiKeyAuthentication.TryRead(context.Request, out _) ? ApiKeyAuthentication.SchemeName : JwtBearerDefaults.AuthenticationScheme)
            .AddJwtBearer(bearer =>
            {
                bearer.MapInboundClaims = false;
                bearer.Events = new JwtBearerEvents { OnTokenValidated = RefuseOfEndedSignIn };
            })
            .AddScheme<AuthenticationSchemeOptions, ApiKeyAuthentication>(ApiKeyAuthentication.SchemeName, null);
        services.AddOptions<JwtBearerOptions>(JwtBearerDefaults.AuthenticationScheme)
            .Configure<AccessTokenKeyRing>((bearer, keys) => bearer.TokenValidationParameters = AccessTokenValidation.Parameters(keys, time));
        services.AddAuthorizationBuilder()
            .AddPolicy(Access.SignedInPolicy, policy => policy.RequireAuthenticatedUser().RequireAssertion(context => !IsKey(context)))
            .AddPolicy(Access.EditorPolicy, policy => policy.RequireRole(Access.EditorRole).RequireAssertion(IsWithinScope))
            .AddPolicy(Access.AdminPolicy, policy => policy.RequireRole(Access.AdminRole).RequireAssertion(context => !IsKey(context)));
    }

    /// <summary>Adds what <see cref="AddMoventoAccess"/> hears: in every process for itself, from a queue that goes with it.</summary>
    public static void AddMoventoAccessConsumers(this IBusRegistrationConfigurator bus) => bus.AddConsumer<HearEndedSignIns>().Endpoint(endpoint =>
    {
        endpoint.Temporary = true;
        endpoint.InstanceId = Guid.NewGuid().ToString("N");
    });

    // What a signature says holds until the token expires; that its session is over is known here alone.
    private static Task RefuseOfEndedSignIn(TokenValidatedContext context)
    {
        if (Guid.TryParseExact(context.Principal?.FindFirst(Access.SessionClaim)?.Value, "N", out var signIn)
            && context.HttpContext.RequestServices.GetRequiredService<EndedSignIns>().Contains(signIn))
            context.Fail("The session is over.");
        return Task.CompletedTask;
    }

    private static bool IsKey(AuthorizationHandlerContext context) => context.User.HasClaim(claim => claim.Type == Access.KeyClaim);

    private static bool IsWithinScope(AuthorizationHandlerContext context) =>
        !IsKey(context)
        || (context.Resource is HttpContext { Request: var request }
            && ApiKeyScope.Needed(request.Method, request.Path) is { } scope
            && context.User.HasClaim(Access.ScopeClaim, scope));
}
