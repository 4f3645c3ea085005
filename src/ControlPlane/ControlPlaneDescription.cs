using Microsoft.Extensions.DependencyInjection;
using Movento.ApiDescription;

namespace Movento.ControlPlane;

/// <summary>What the control plane brings to the OpenAPI document: its docstrings, its JSON and its areas.</summary>
internal static class ControlPlaneDescription
{
    private static readonly ApiArea[] Areas =
    [
        new("Sign-in", "Registration, sign-in, sessions, passwords and who watches."),
        new("Accounts", "One's account, its second factor, profiles and keys; and what admins do with others'."),
        new("Films", "What can be played, and what editors say of it."),
        new("Series", "Films that stand in seasons."),
        new("Search", "Films and series by words, with filters and facets."),
        new("Playback", "Grants to play, streams at the same time, devices."),
        new("Viewing", "What users watch, and where they go on."),
        new("Recommendations", "What to watch next."),
        new("Payments", "Plans, rentals and subscriptions, through Stripe."),
        new("Quality", "How films play, as players tell the edges."),
        new("Health", "For whoever runs the servers."),
    ];

    /// <summary>The compiler weaves the docstrings of this project in where <c>AddOpenApi</c> is called with the document's name as a literal
    /// (<see cref="ApiDescriptionRegistration.Version"/>).</summary>
    public static void AddControlPlaneDescription(this IServiceCollection services)
    {
        services.AddOpenApi("v1");
        services.ConfigureHttpJsonOptions(json => json.SerializerOptions.TypeInfoResolverChain.Insert(0, ControlPlaneJson.Default));
        foreach (var area in Areas) services.AddSingleton(area);
    }
}
