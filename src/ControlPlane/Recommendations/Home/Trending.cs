using Dapper;

namespace Movento.ControlPlane.Recommendations.Home;

/// <summary>What is watched most now: each view of the last two weeks counts, half as much for every three days that it is ago.</summary>
internal static class Trending
{
    /// <summary>What a film's views are worth falls to a half in this time.</summary>
    private static readonly TimeSpan HalfLife = TimeSpan.FromDays(3);

    private static readonly TimeSpan Window = TimeSpan.FromDays(14);

    /// <summary>The films, the most watched first.</summary>
    public static async Task<IReadOnlyList<Guid>> ReadAsync(RecommendationsDatabase database, int most, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        var films = await connection.QueryAsync<Guid>(new CommandDefinition(
            """
            SELECT film_id FROM views WHERE seen_at > @since
            GROUP BY film_id ORDER BY sum(power(0.5, extract(epoch FROM @now - seen_at)::double precision / @halfLife)) DESC, film_id LIMIT @most
            """,
            new { since = now - Window, now, halfLife = HalfLife.TotalSeconds, most },
            cancellationToken: cancellationToken));
        return films.AsList();
    }
}
