using Dapper;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Movento.ApiDescription;
using Movento.Contracts;
using Movento.ControlPlane.Http;

namespace Movento.ControlPlane.Recommendations.Experiments;

/// <summary><c>GET /api/recommendations/experiment?days=…</c>: what became of the rows that were shown, by their kind and variant; for editors.</summary>
internal static class GetExperiment
{
    private const int DefaultDays = 7;
    private const int MaxDays = 90;

    // Four kinds of rows, two variants.
    private const int MaxFigures = 8;

    /// <summary>What is watched later has other reasons.</summary>
    private static readonly TimeSpan Followed = TimeSpan.FromDays(1);

    /// <param name="Name">Of the experiment now.</param>
    /// <param name="ControlShare">Of the viewers, 0 to 1.</param>
    /// <param name="Items">One for each kind and variant that was shown.</param>
    public sealed record Response(string Name, double ControlShare, IReadOnlyList<Figures> Items);

    /// <param name="Kind">Of the row.</param>
    /// <param name="Variant"><c>model</c> or <c>control</c>.</param>
    /// <param name="Rows">How often such a row was shown.</param>
    /// <param name="Viewers">To how many.</param>
    /// <param name="Followed">How many of the rows had a film that was watched within a day.</param>
    public sealed record Figures(string Kind, string Variant, long Rows, long Viewers, long Followed);

    public static void Map(RouteGroupBuilder recommendations) => recommendations.MapGet("/experiment", HandleAsync).RequireAuthorization(Access.EditorPolicy)
        .Describe("getExperiment", "What became of the rows that were shown", "By their kind and variant.")
        .Answers<Response>().IsWhole(MaxFigures).RefusesFields()
        .ReadsNumber("days", "Of rows shown in so many days until now.", 1, MaxDays);

    private static async Task<IResult> HandleAsync(
        string? days, RecommendationsDatabase database, ControlPlaneOptions options, TimeProvider time, CancellationToken cancellationToken)
    {
        var asked = DefaultDays;
        if (days is not null && (!int.TryParse(days, out asked) || asked is < 1 or > MaxDays)) return FieldErrors.One("days", $"A number from 1 to {MaxDays}.");
        await using var connection = await database.OpenAsync(cancellationToken);
        var items = await connection.QueryAsync<Figures>(new CommandDefinition(
            """
            SELECT kind AS Kind, variant AS Variant, count(*) AS Rows, count(DISTINCT viewer_id) AS Viewers,
                   count(*) FILTER (WHERE EXISTS (
                     SELECT FROM views v WHERE v.viewer_id = s.viewer_id AND v.film_id = ANY (s.films) AND v.seen_at > s.shown_at AND v.seen_at <= s.shown_at + @Followed)) AS Followed
            FROM shown s WHERE shown_at > @since GROUP BY kind, variant ORDER BY kind, variant
            """,
            new { since = time.GetUtcNow() - TimeSpan.FromDays(asked), Followed },
            cancellationToken: cancellationToken));
        return TypedResults.Json(
            new Response(options.Recommendations.Experiment, options.Recommendations.ControlShare, items.AsList()), ControlPlaneJson.Default.GetExperimentResponse);
    }
}
