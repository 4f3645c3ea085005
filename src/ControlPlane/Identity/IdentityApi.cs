using MassTransit;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Movento.ApiDescription;
using Movento.Contracts;
using Movento.ControlPlane.Http;
using Movento.ControlPlane.Identity.AccessTokens;
using Movento.ControlPlane.Identity.Accounts;
using Movento.ControlPlane.Identity.Administration;
using Movento.ControlPlane.Identity.ApiKeys;
using Movento.ControlPlane.Identity.Links;
using Movento.ControlPlane.Identity.Mail;
using Movento.ControlPlane.Identity.Passwords;
using Movento.ControlPlane.Identity.Profiles;
using Movento.ControlPlane.Identity.SecondFactor;
using Movento.ControlPlane.Identity.Sessions;
using Npgsql;

namespace Movento.ControlPlane.Identity;

/// <summary>Accounts, sessions and access tokens.</summary>
internal static class IdentityApi
{
    public static void AddIdentity(this IServiceCollection services, ControlPlaneOptions options, NpgsqlDataSource source)
    {
        services.AddSingleton(new IdentityDatabase(source));
        services.AddAccessTokenKeys(options);
        services.AddSingleton<AccessTokenIssuer>();
        services.AddSingleton(new IdentityKeys(options.IdentitySecret));
        services.AddSingleton(provider => new PasswordHashing(provider.GetRequiredService<IdentityKeys>(), options.PasswordCost, Crypt.IsAvailable));
        services.AddSingleton<SecretBox>();
        services.AddSingleton<SecondFactors>();
        services.AddSingleton<SignInTickets>();
        services.AddSingleton<DeviceCookie>();
        services.AddSingleton<AttemptLimits>();
        services.AddSingleton<OwnPassword>();
        services.AddSingleton<OwnFactors>();
        services.AddSingleton<SignInSessions>();
        services.AddSingleton<SessionPlayback>();
        services.AddSingleton<EndedAccess>();
        services.AddSingleton<EndedSessions>();
        services.AddHostedService(provider => provider.GetRequiredService<EndedSessions>());
        services.AddSingleton<RecentSignIn>();
        services.AddSingleton<ProfileLock>();
        services.AddSingleton<RefreshCookie>();
        services.AddSingleton(new SignInCookie(new HostCookie(RefreshCookie.Name, options).Name));
        services.AddSingleton<SignedIn>();
        services.AddSingleton(provider => new SignInCodes(
            provider.GetRequiredService<IdentityDatabase>(), provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton(provider => new Provisioning(
            provider.GetRequiredService<IdentityDatabase>(),
            provider.GetRequiredService<PasswordHashing>(),
            provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton<AuditLog>();
        services.AddSingleton<DeletedAccounts>();
        services.AddHostedService(provider => provider.GetRequiredService<DeletedAccounts>());
        services.AddSingleton<DeletedProfiles>();
        services.AddHostedService(provider => provider.GetRequiredService<DeletedProfiles>());
        services.AddSingleton<IApiKeyHolders, ApiKeyHolders>();
        services.AddSingleton<LinkTokens>();
        services.AddSingleton<MailOrders>();
        services.AddSingleton<MoveEmail>();
        services.AddSingleton<MailTexts>();
        services.TryAddSingleton<IMailer>(provider => options.Mail.Smtp.Host is null
            ? new OutboxMailer(options.Mail, provider.GetRequiredService<TimeProvider>())
            : new SmtpMailer(options.Mail, provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton<MailSender>();
        services.AddHostedService(provider => provider.GetRequiredService<MailSender>());
        services.AddSingleton<IdentitySweep>();
        services.AddHostedService(provider => provider.GetRequiredService<IdentitySweep>());
    }

    public static void AddIdentityConsumers(this IBusRegistrationConfigurator bus)
    {
        bus.AddConsumer<AnswerApiKeyQuestion>();
        bus.AddConsumer<AnswerEndedSignIns>();
    }

    public static void MapIdentity(this IEndpointRouteBuilder routes)
    {
        var auth = routes.MapGroup("/api/auth").WithTags("Sign-in").Private().WaitsInLineForPasswords();
        Register.Map(auth);
        Login.Map(auth);
        LoginSecondFactor.Map(auth);
        EnrolAtSignIn.Map(auth);
        Refresh.Map(auth);
        Exchange.Map(auth);
        Logout.Map(auth);
        ConfirmEmail.Map(auth);
        SendConfirmation.Map(auth);
        ForgottenPassword.Map(auth);
        ResetPassword.Map(auth);
        ChangePassword.Map(auth);
        ChangeEmail.Map(auth);
        Reauthenticate.Map(auth);
        ListSessions.Map(auth);
        EndSessions.Map(auth);
        SelectProfile.Map(auth);
        var users = routes.MapGroup("/api/users").WithTags("Accounts").Private();
        Me.Map(users);
        AuthenticatorApi.Map(users);
        ProfileApi.Map(users);
        ApiKeyApi.Map(users);
        ExportAccount.Map(users);
        DeleteAccount.Map(users);
        AccountAdministration.Map(users);
        GetUser.Map(users);
        ListAccountSessions.Map(users);
        DisableAccount.Map(users);
        ListAudit.Map(users);
        JsonWebKeys.Map(routes);
    }
}
