using Microsoft.AspNetCore.Builder;
using Movento.ApiDescription;
using Movento.ControlPlane.Catalogue.Details;

namespace Movento.ControlPlane.Http;

/// <summary>Describes by which problems an endpoint refuses: the very ones that it answers with.</summary>
internal static class DescribedRefusals
{
    /// <typeparam name="TBuilder">An endpoint, or a group of them.</typeparam>
    public static TBuilder Refuses<TBuilder>(this TBuilder route, params Problem[] problems)
        where TBuilder : IEndpointConventionBuilder =>
        route.WithMetadata([.. problems.Select(problem => problem.Described)]);

    /// <summary>The 400 that names what is wrong with each field.</summary>
    public static RouteHandlerBuilder RefusesFields(this RouteHandlerBuilder route) => route.Refuses(FieldErrors.Some);

    /// <summary>The language that titles are wanted in.</summary>
    public static RouteHandlerBuilder ReadsLanguage(this RouteHandlerBuilder route) =>
        route.ReadsText("language", "Titles are in it where they have one: BCP 47, such as `de` or `pt-BR`.", maxLength: 11, LanguageTag.EcmaPattern);

    /// <summary>A list that is given out a page at a time by these rules.</summary>
    public static RouteHandlerBuilder PagedBy(this RouteHandlerBuilder route, PageRules rules) => route.Pages(rules.DefaultLimit, rules.MaxLimit).RefusesFields();
}
