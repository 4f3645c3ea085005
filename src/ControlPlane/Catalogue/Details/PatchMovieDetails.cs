using System.Security.Claims;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Movento.ApiDescription;
using Movento.ControlPlane.Http;

namespace Movento.ControlPlane.Catalogue.Details;

/// <summary><c>PATCH /api/movies/{id}/details</c>: an editor changes some of what is said of a film (JSON Merge Patch, RFC 7396).</summary>
internal static class PatchMovieDetails
{
    public static void Map(RouteGroupBuilder movies) => movies.MapPatch("/{id}/details", HandleAsync)
        .Describe("patchMovieDetails", "Change some of what is said of a film", "JSON Merge Patch (RFC 7396): members that are sent are replaced, null takes away, lists are replaced whole.")
        .Answers<MovieDetails>().WithETag()
        .TakesMergePatchOf<MovieDetails>().DependsOnWhatWasRead()
        .RefusesFields().Refuses(GetMovie.NotFound, MovieEdits.TakenPlace);

    private static async Task<IResult> HandleAsync(
        string id, JsonBody<JsonObject> body, HttpRequest request, ClaimsPrincipal user, MovieEdits edits, CancellationToken cancellationToken)
    {
        if (body.Refusal is { } refusal) return refusal;
        if (!Editor.TryRead(user, out var editor)) return Problem.Unauthenticated;
        var (precondition, unclear) = Precondition.Read(request, mayBeNew: false);
        if (precondition is null) return unclear!;
        return await edits.ChangeAsync(
            id, editor, precondition, (before, now) => DetailsPatch.Apply(before.ToMovie(now), body.Value, ControlPlaneJson.Default.MovieDetails), cancellationToken);
    }
}
