using MassTransit;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Movento.Contracts;
using Movento.ControlPlane.Billing;
using Movento.ControlPlane.Catalogue;
using Movento.ControlPlane.Delivery;
using Movento.ControlPlane.Health;
using Movento.ControlPlane.Http;
using Movento.ControlPlane.Identity;
using Movento.ControlPlane.OutputCaching;
using Movento.ControlPlane.Playback;
using Movento.ControlPlane.Quality;
using Movento.ControlPlane.Recommendations;
using Movento.ControlPlane.Viewing;

namespace Movento.ControlPlane;

/// <summary>How a host takes the control plane in.</summary>
public static class ControlPlaneRegistration
{
    /// <summary>
    /// Adds every area. The host registers <see cref="TimeProvider"/>, the object store, <see cref="PlaybackKeys"/>, <see cref="IPlaybackRevocations"/>, the bearer scheme (with
    /// <see cref="Identity.AccessTokens.AccessTokenValidation"/>) and the policies of <see cref="Contracts.Access"/>.
    /// </summary>
    /// <param name="services">The host's services.</param>
    /// <param name="options">Validated by the host.</param>
    /// <param name="databases">The connections of every area.</param>
    public static IServiceCollection AddMoventoControlPlane(this IServiceCollection services, ControlPlaneOptions options, ControlPlaneDatabases databases)
    {
        services.AddSingleton(options);
        services.AddSingleton<IAuthorizationMiddlewareResultHandler, AccessRefusals>();
        services.AddControlPlaneDescription();
        services.AddOutputCaching(options.OutputCaching);
        services.AddIdentity(options, databases.Identity);
        services.AddCatalogue(databases.Catalogue);
        services.AddQuality(databases.Quality);
        services.AddRecommendations(databases.Recommendations);
        services.AddBilling(options.Billing, databases.Billing);
        services.AddPlayback(databases.Playback);
        services.AddViewing(databases.Viewing);
        services.TryAddSingleton<PlaybackTokenSigner>();
        services.AddSingleton<EdgeUrls>();
        services.AddHealth(databases);
        return services;
    }

    /// <summary>Adds the consumers of ingest's announcements and of the edges' reports.</summary>
    public static IBusRegistrationConfigurator AddMoventoControlPlaneConsumers(this IBusRegistrationConfigurator bus)
    {
        bus.AddIdentityConsumers();
        bus.AddCatalogueConsumers();
        bus.AddQualityConsumers();
        bus.AddPlaybackConsumers();
        bus.AddBillingConsumers();
        bus.AddViewingConsumers();
        bus.AddRecommendationsConsumers();
        return bus;
    }

    /// <summary>
    /// Maps every endpoint, and an answer for every unknown path below <c>/api</c>. In the host's pipeline,
    /// <c>UseAuthentication()</c>, <c>UseAuthorization()</c> and then <c>UseOutputCache()</c> stand before the endpoints.
    /// </summary>
    public static IEndpointRouteBuilder MapMoventoControlPlane(this IEndpointRouteBuilder routes)
    {
        routes.MapIdentity();
        routes.MapCatalogue();
        routes.MapPlayback();
        routes.MapViewing();
        routes.MapQuality();
        routes.MapBilling();
        routes.MapRecommendations();
        routes.MapHealth();
        UnknownRoutes.Map(routes);
        return routes;
    }
}
