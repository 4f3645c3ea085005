using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Movento.ApiDescription;
using Movento.ApiDescription.Metadata;
using Movento.ControlPlane.Http;

namespace Movento.ControlPlane.Catalogue.Details;

/// <summary>Describes endpoints of what editors say.</summary>
internal static class DescribedDetails
{
    /// <summary>What is answered has an ETag.</summary>
    public static RouteHandlerBuilder WithETag(this RouteHandlerBuilder route, int status = StatusCodes.Status200OK) =>
        route.WithAnswerHeader("ETag", "Names what editors said; for `If-Match` of a change.", status);

    /// <summary>A change that <see cref="Precondition"/> reads.</summary>
    public static RouteHandlerBuilder DependsOnWhatWasRead(this RouteHandlerBuilder route, bool mayBeNew = false)
    {
        route
            .ReadsHeader("If-Match", "The ETag that was read, or `*` for whatever is there." + (mayBeNew ? " One of this and `If-None-Match` is needed." : " Needed."))
            .Refuses(Precondition.Changed, Precondition.Required);
        return mayBeNew ? route.ReadsHeader("If-None-Match", "`*`: only where nothing is there yet.", pattern: @"^\*$").Refuses(Precondition.Exists) : route;
    }

    /// <summary>A patch whose members are those of <typeparamref name="T"/>, each of which may be left out or null.</summary>
    public static RouteHandlerBuilder TakesMergePatchOf<T>(this RouteHandlerBuilder route) =>
        route.WithMetadata(new RequestContent(typeof(T), IsRequired: true, "application/json", "application/merge-patch+json")
        {
            Description = "Members that are sent are replaced; null takes away.",
        });
}
