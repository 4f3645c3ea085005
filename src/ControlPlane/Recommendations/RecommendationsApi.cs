using MassTransit;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Movento.ControlPlane.Http;
using Movento.ControlPlane.Recommendations.Experiments;
using Movento.ControlPlane.Recommendations.Home;
using Movento.ControlPlane.Recommendations.Refit;
using Movento.ControlPlane.Recommendations.Views;
using Npgsql;

namespace Movento.ControlPlane.Recommendations;

/// <summary>What to watch next.</summary>
internal static class RecommendationsApi
{
    public static void AddRecommendations(this IServiceCollection services, NpgsqlDataSource source)
    {
        services.AddSingleton(new RecommendationsDatabase(source));
        services.AddSingleton<ViewingRecords>();
        services.AddSingleton<CurrentModel>();
        services.AddSingleton<ModelStore>();
        services.AddSingleton<RefitWork>();
        services.AddHostedService(provider => provider.GetRequiredService<RefitWork>());
        services.AddSingleton<CatalogueImage>();
        services.AddHostedService(provider => provider.GetRequiredService<CatalogueImage>());
        services.AddSingleton<ShownRecords>();
        services.AddHostedService(provider => provider.GetRequiredService<ShownRecords>());
    }

    public static void AddRecommendationsConsumers(this IBusRegistrationConfigurator bus)
    {
        bus.AddConsumer<RecordView, RecordView.Endpoint>();
        bus.AddConsumer<ForgetViews, ForgetViews.Endpoint>();
        bus.AddConsumer<ForgetViewer, ForgetfulEndpoint<ForgetViewer>>();
        bus.AddConsumer<ForgetProfileViews, ForgetfulEndpoint<ForgetProfileViews>>();
    }

    public static void MapRecommendations(this IEndpointRouteBuilder routes)
    {
        var recommendations = routes.MapGroup("/api/recommendations").WithTags("Recommendations").Private();
        GetHome.Map(recommendations);
        GetSimilar.Map(recommendations);
        GetExperiment.Map(recommendations);
        ForgetHistory.Map(recommendations);
    }
}
