using System.Security.Claims;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Movento.ApiDescription;
using Movento.ControlPlane.Catalogue.Details;
using Movento.ControlPlane.Http;

namespace Movento.ControlPlane.Catalogue.Series;

/// <summary><c>GET</c>, <c>PUT</c> and <c>PATCH /api/series/{id}/details</c>: as those of films are.</summary>
internal static class EditSeriesDetails
{
    public static void Map(RouteGroupBuilder series)
    {
        series.MapGet("/{id}/details", GetAsync)
            .Describe("getSeriesDetails", "What editors said of a series")
            .Answers<SeriesDetails>().WithETag().Refuses(SeriesRow.NotFound);
        series.MapPut("/{id}/details", PutAsync)
            .Describe("putSeriesDetails", "Say everything that is said of a series")
            .Answers<SeriesDetails>().WithETag().DependsOnWhatWasRead()
            .RefusesFields().Refuses(SeriesRow.NotFound);
        series.MapPatch("/{id}/details", PatchAsync)
            .Describe("patchSeriesDetails", "Change some of what is said of a series", "JSON Merge Patch (RFC 7396): members that are sent are replaced, null takes away, lists are replaced whole.")
            .Answers<SeriesDetails>().WithETag()
            .TakesMergePatchOf<SeriesDetails>().DependsOnWhatWasRead()
            .RefusesFields().Refuses(SeriesRow.NotFound);
    }

    private static async Task<IResult> GetAsync(string id, ClaimsPrincipal user, SeriesEdits edits, TimeProvider time, CancellationToken cancellationToken)
    {
        if (!Editor.TryRead(user, out var editor) || await edits.FindAsync(id, editor, cancellationToken) is not { } row) return SeriesRow.NotFound;
        return new DetailsAnswer<SeriesDetails>(row.ToSeries(time.GetUtcNow().UtcDateTime), ControlPlaneJson.Default.SeriesDetails, row.Revision);
    }

    private static async Task<IResult> PutAsync(
        string id, JsonBody<SeriesDetails> body, HttpRequest request, ClaimsPrincipal user, SeriesEdits edits, CancellationToken cancellationToken)
    {
        if (body.Refusal is { } refusal) return refusal;
        if (!Editor.TryRead(user, out var editor)) return Problem.Unauthenticated;
        var (precondition, unclear) = Precondition.Read(request, mayBeNew: false);
        return precondition is null ? unclear! : await edits.ChangeAsync(id, editor, precondition, (_, _) => (body.Value, null), cancellationToken);
    }

    private static async Task<IResult> PatchAsync(
        string id, JsonBody<JsonObject> body, HttpRequest request, ClaimsPrincipal user, SeriesEdits edits, CancellationToken cancellationToken)
    {
        if (body.Refusal is { } refusal) return refusal;
        if (!Editor.TryRead(user, out var editor)) return Problem.Unauthenticated;
        var (precondition, unclear) = Precondition.Read(request, mayBeNew: false);
        if (precondition is null) return unclear!;
        return await edits.ChangeAsync(
            id, editor, precondition, (before, now) => DetailsPatch.Apply(before.ToSeries(now), body.Value, ControlPlaneJson.Default.SeriesDetails), cancellationToken);
    }
}
