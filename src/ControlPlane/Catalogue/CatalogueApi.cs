using MassTransit;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Movento.Contracts;
using Movento.ControlPlane.Catalogue.Announcements;
using Movento.ControlPlane.Catalogue.Details;
using Movento.ControlPlane.Catalogue.Playability;
using Movento.ControlPlane.Catalogue.Search;
using Movento.ControlPlane.Catalogue.Series;
using Movento.ControlPlane.Http;
using Npgsql;

namespace Movento.ControlPlane.Catalogue;

/// <summary>The films and series that there are: what ingest announces, and what editors say of it.</summary>
internal static class CatalogueApi
{
    public static void AddCatalogue(this IServiceCollection services, NpgsqlDataSource source)
    {
        services.AddSingleton(new CatalogueDatabase(source));
        services.AddSingleton<PublishedMovies>();
        services.AddSingleton<MovieTitles>();
        services.AddSingleton<MovieCache>();
        services.AddSingleton<MovieEdits>();
        services.AddSingleton<SeriesEdits>();
        services.AddSingleton<KnownWords>();
        services.AddSingleton<TitleSearch>();
        services.AddSingleton<PlayabilityCheck>();
    }

    public static void AddCatalogueConsumers(this IBusRegistrationConfigurator bus)
    {
        bus.AddConsumer<RecordAccepted, AnnouncementEndpoint<RecordAccepted>>();
        bus.AddConsumer<RecordPlayable, AnnouncementEndpoint<RecordPlayable>>();
        bus.AddConsumer<RecordPublished, AnnouncementEndpoint<RecordPublished>>();
        bus.AddConsumer<RecordRejected, AnnouncementEndpoint<RecordRejected>>();
        bus.AddConsumer<RecordCancelled, AnnouncementEndpoint<RecordCancelled>>();
        bus.AddConsumer<RecordDeleted, AnnouncementEndpoint<RecordDeleted>>();
        bus.AddConsumer<AnswerPlayability, AnswerPlayability.Endpoint>();
    }

    public static void MapCatalogue(this IEndpointRouteBuilder routes)
    {
        var movies = routes.MapGroup("/api/movies").WithTags("Films").Public();
        ListMovies.Map(movies);
        GetMovie.Map(movies);

        var movieDetails = routes.MapGroup("/api/movies").WithTags("Films").Edited();
        ListMovieDetails.Map(movieDetails);
        GetMovieDetails.Map(movieDetails);
        PutMovieDetails.Map(movieDetails);
        PatchMovieDetails.Map(movieDetails);
        DeleteMovieDetails.Map(movieDetails);

        var series = routes.MapGroup("/api/series").WithTags("Series").Public();
        ListSeries.Map(series);
        GetSeries.Map(series);
        ListEpisodes.Map(series);

        SearchTitles.Map(routes.MapGroup("/api/search").WithTags("Search").Public());

        var seriesDetails = routes.MapGroup("/api/series").WithTags("Series").Edited();
        CreateSeries.Map(seriesDetails);
        ListSeriesDetails.Map(seriesDetails);
        EditSeriesDetails.Map(seriesDetails);
        DeleteSeries.Map(seriesDetails);
    }

    /// <summary>For an editor only, and with room for everything that may be said of a film.</summary>
    private static RouteGroupBuilder Edited(this RouteGroupBuilder group) =>
        group.Private().WithMetadata(new RequestSizeLimitAttribute(ApiGroup.MaxEditedBytes)).RequireAuthorization(Access.EditorPolicy);
}
