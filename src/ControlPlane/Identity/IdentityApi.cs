using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Movento.ControlPlane.Http;
using Movento.ControlPlane.Identity.AccessTokens;
using Movento.ControlPlane.Identity.Passwords;
using Movento.ControlPlane.Identity.Sessions;
using Npgsql;

namespace Movento.ControlPlane.Identity;

/// <summary>Accounts, sessions and access tokens.</summary>
internal static class IdentityApi
{
    public static void AddIdentity(this IServiceCollection services, ControlPlaneOptions options, NpgsqlDataSource source)
    {
        services.AddSingleton(new IdentityDatabase(source));
        services.AddSingleton(new AccessTokenKeyRing(options.AccessTokenKeys));
        services.AddSingleton<AccessTokenIssuer>();
        services.AddSingleton<PasswordHashing>();
        services.AddSingleton<AttemptLimits>();
        services.AddSingleton<SignInSessions>();
        services.AddSingleton<SessionPlayback>();
        services.AddSingleton<EndedSessions>();
        services.AddHostedService(provider => provider.GetRequiredService<EndedSessions>());
        services.AddSingleton<RefreshCookie>();
        services.AddSingleton<SignedIn>();
        services.AddSingleton(provider => new SignInCodes(
            provider.GetRequiredService<IdentityDatabase>(), provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton(provider => new Provisioning(
            provider.GetRequiredService<IdentityDatabase>(),
            provider.GetRequiredService<PasswordHashing>(),
            provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton<IdentitySweep>();
        services.AddHostedService(provider => provider.GetRequiredService<IdentitySweep>());
    }

    public static void MapIdentity(this IEndpointRouteBuilder routes)
    {
        var auth = routes.MapGroup("/api/auth").Private().WaitsInLineForPasswords();
        Register.Map(auth);
        Login.Map(auth);
        Refresh.Map(auth);
        Exchange.Map(auth);
        Logout.Map(auth);
        Me.Map(routes.MapGroup("/api/users").Private());
        JsonWebKeys.Map(routes);
    }
}
