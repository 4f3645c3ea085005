using System.Security.Claims;
using Dapper;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Movento.ApiDescription;
using Movento.Contracts;
using Movento.ControlPlane.Catalogue.Details;
using Movento.ControlPlane.Http;

namespace Movento.ControlPlane.Catalogue.Series;

/// <summary><c>POST /api/series</c>: an editor makes a series of the team's; 201 with its details, its ETag and where they lie.</summary>
internal static class CreateSeries
{
    public static void Map(RouteGroupBuilder series) => series.MapPost("/", HandleAsync)
        .Describe("createSeries", "Make a series")
        .Answers<SeriesDetails>(status: StatusCodes.Status201Created).WithETag(StatusCodes.Status201Created)
        .WithAnswerHeader("Location", "Where the details lie.", StatusCodes.Status201Created)
        .RefusesFields();

    private static async Task<IResult> HandleAsync(
        JsonBody<SeriesDetails> body, ClaimsPrincipal user, CatalogueDatabase database, MovieCache cache, TimeProvider time, CancellationToken cancellationToken)
    {
        if (body.Refusal is { } refusal) return refusal;
        if (!Editor.TryRead(user, out var editor)) return Problem.Unauthenticated;
        var now = time.GetUtcNow();
        var errors = new FieldErrors();
        var (said, seasons) = SeriesEdits.Read(body.Value, null, now.UtcDateTime, errors);
        if (errors.Problem is { } wrong) return wrong;

        var id = AssetId.New(now);
        await using var connection = await database.OpenAsync(cancellationToken);
        var made = await connection.QuerySingleAsync<DetailsRow>(new CommandDefinition(
            $"""
            INSERT INTO series (id, team_id, created_at, seasons, {DetailsRow.InsertColumns})
            VALUES (@id, @Team, @now, @seasons::jsonb, {DetailsRow.InsertValues}) RETURNING {DetailsRow.SeriesColumns}
            """,
            said.With(new { id = id.Value, editor.Team, now = now.UtcDateTime, seasons }),
            cancellationToken: cancellationToken));
        await cache.ChangedAsync();
        return new DetailsAnswer<SeriesDetails>(made.ToSeries(now.UtcDateTime), ControlPlaneJson.Default.SeriesDetails, made.Revision)
        {
            Status = StatusCodes.Status201Created,
            Location = $"/api/series/{id}/details",
        };
    }
}
