using System.Collections.Immutable;
using Dapper;
using Movento.ControlPlane.Recommendations.Fitting;

namespace Movento.ControlPlane.Recommendations.Refit;

/// <summary>What a fit learns from: the latest views, of the films that were watched most.</summary>
/// <param name="Films">Their ids, by their numbers.</param>
/// <param name="Viewings">Histories of two films and more.</param>
internal sealed record ViewingSample(ImmutableArray<Guid> Films, ViewingHistories Viewings)
{
    public static async Task<ViewingSample> ReadAsync(RecommendationsDatabase database, RecommendationsOptions options, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(System.Data.IsolationLevel.RepeatableRead, cancellationToken);

        // :: Step 1: from when on there are as many views as a fit may look at
        var since = await connection.QuerySingleOrDefaultAsync<DateTime?>(new CommandDefinition(
            "SELECT seen_at FROM views ORDER BY seen_at DESC OFFSET @MaxViews LIMIT 1", new { options.MaxViews }, transaction, cancellationToken: cancellationToken));
        var oldest = (now - options.Retention).UtcDateTime;
        if (since is { } moment && moment > oldest) oldest = moment;

        // :: Step 2: the films
        var films = (await connection.QueryAsync<Guid>(new CommandDefinition(
            "SELECT film_id FROM views WHERE seen_at > @oldest GROUP BY film_id ORDER BY count(*) DESC, film_id LIMIT @MaxFilms",
            new { oldest, options.MaxFilms },
            transaction,
            cancellationToken: cancellationToken))).ToImmutableArray();
        var numbers = films.Select((film, number) => KeyValuePair.Create(film, number)).ToDictionary();

        // :: Step 3: the histories, one person after the other
        var histories = new List<int[]>();
        var history = new List<int>();
        var viewer = Guid.Empty;
        await foreach (var (whose, film) in connection.QueryUnbufferedAsync<(Guid, Guid)>(
            "SELECT viewer_id, film_id FROM views WHERE seen_at > @oldest ORDER BY viewer_id, seen_at, film_id", new { oldest }, transaction).WithCancellation(cancellationToken))
        {
            if (whose != viewer) End();
            viewer = whose;
            if (numbers.TryGetValue(film, out var number)) history.Add(number);
        }

        End();
        return new ViewingSample(films, new ViewingHistories(films.Length, histories));

        void End()
        {
            if (history.Count > 1) histories.Add([.. history]);
            history.Clear();
        }
    }
}
