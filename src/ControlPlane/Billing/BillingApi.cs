using MassTransit;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Movento.ControlPlane.Billing.Stripe;
using Movento.ControlPlane.Billing.Webhooks;
using Movento.ControlPlane.Http;
using Npgsql;

namespace Movento.ControlPlane.Billing;

/// <summary>What is sold, who has bought it, and what that lets them play. No card is ever typed here.</summary>
internal static partial class BillingApi
{
    /// <summary>How long a connection to the provider is kept: its address may change.</summary>
    private static readonly TimeSpan ConnectionLifetime = TimeSpan.FromMinutes(5);

    public static void AddBilling(this IServiceCollection services, BillingOptions options, NpgsqlDataSource source)
    {
        services.AddSingleton(options);
        services.AddSingleton(new BillingDatabase(source));
        services.AddSingleton<Entitlements>();
        services.AddSingleton<OfferRecords>();
        services.AddSingleton<PurchaseRecords>();
        services.AddSingleton<Customers>();
        services.AddSingleton(provider => new StripeClient(
            options,
            provider.GetRequiredService<TimeProvider>(),
            new SocketsHttpHandler { PooledConnectionLifetime = ConnectionLifetime, AllowAutoRedirect = false, UseCookies = false, ConnectTimeout = options.CallTimeout }));
        services.TryAddSingleton<IPayments, StripePayments>();
        services.AddSingleton<BillingSweep>();
        services.AddHostedService(provider => provider.GetRequiredService<BillingSweep>());
    }

    public static void AddBillingConsumers(this IBusRegistrationConfigurator bus) => bus.AddConsumer<CloseAccount, ForgetfulEndpoint<CloseAccount>>();

    public static void MapBilling(this IEndpointRouteBuilder routes)
    {
        var options = routes.ServiceProvider.GetRequiredService<BillingOptions>();
        var logger = routes.ServiceProvider.GetRequiredService<ILoggerFactory>().CreateLogger(typeof(BillingApi).FullName!);
        if (!options.IsOn) Log.Off(logger);
        else Log.On(logger, options.SecretKey!.Contains("_test_", StringComparison.Ordinal) ? "test" : "live");

        // Without a key there is still the word that there is none.
        ListPlans.Map(routes.MapGroup("/api/payments").WithTags("Payments").Private());
        var payments = PaymentsOutage.Answers(routes.MapGroup("/api/payments").WithTags("Payments").Private());
        FilmTerms.Map(payments);
        OpenCheckout.Map(payments);
        OpenPortal.Map(payments);
        GetAccount.Map(payments);
        ChangeSubscription.Map(payments);
        ListInvoices.Map(payments);
        ListRentals.Map(payments);
        ReceiveWebhook.Map(payments);
    }

    private static partial class Log
    {
        [LoggerMessage(3066, LogLevel.Information, "Billing is off: ControlPlane:Billing:SecretKey is not set, so every film plays for whoever is signed in")]
        public static partial void Off(ILogger logger);

        [LoggerMessage(3067, LogLevel.Information, "Billing is on, with a {Mode} key of Stripe")]
        public static partial void On(ILogger logger, string mode);
    }
}
