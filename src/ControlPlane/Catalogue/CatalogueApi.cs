using MassTransit;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Movento.ControlPlane.Catalogue.Announcements;
using Movento.ControlPlane.Http;
using Npgsql;

namespace Movento.ControlPlane.Catalogue;

/// <summary>The films that there are, as ingest announces them.</summary>
internal static class CatalogueApi
{
    public static void AddCatalogue(this IServiceCollection services, NpgsqlDataSource source)
    {
        services.AddSingleton(new CatalogueDatabase(source));
        services.AddSingleton<PublishedMovies>();
        services.AddSingleton<MovieTitles>();
        services.AddSingleton<MovieCache>();
    }

    public static void AddCatalogueConsumers(this IBusRegistrationConfigurator bus)
    {
        bus.AddConsumer<RecordAccepted, AnnouncementEndpoint<RecordAccepted>>();
        bus.AddConsumer<RecordPlayable, AnnouncementEndpoint<RecordPlayable>>();
        bus.AddConsumer<RecordPublished, AnnouncementEndpoint<RecordPublished>>();
        bus.AddConsumer<RecordRejected, AnnouncementEndpoint<RecordRejected>>();
        bus.AddConsumer<RecordCancelled, AnnouncementEndpoint<RecordCancelled>>();
        bus.AddConsumer<RecordDeleted, AnnouncementEndpoint<RecordDeleted>>();
    }

    public static void MapCatalogue(this IEndpointRouteBuilder routes)
    {
        var movies = routes.MapGroup("/api/movies").Public();
        ListMovies.Map(movies);
        GetMovie.Map(movies);
        EditMovie.Map(movies);
    }
}
