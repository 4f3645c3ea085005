using System.Collections.Immutable;
using System.Diagnostics;
using System.Globalization;
using Movento.ControlPlane.Recommendations.Models;
using Movento.Load.Contest;

namespace Movento.Load.Recommendations;

/// <summary>
/// No peer: what it costs to score every film for one person, in a model of 10,000 films whose weights are drawn by lot, for histories of 200 films, which
/// is all that is ever looked at; and the twenty best of them, what was seen left out.
/// </summary>
internal static class ScoringTimes
{
    private const int Films = 10_000;
    private const int People = 2_000;
    private const int Places = 20;

    public static Task<IReadOnlyList<ComparisonResult>> RunAsync(ComparisonSettings settings, CancellationToken cancellationToken)
    {
        var random = new Random(1);
        var model = new RecommendationModel(
            [.. Enumerable.Range(1, Films).Select(number => new Guid(number, 0, 0, new byte[8]))],
            [.. Enumerable.Repeat(1f, Films)],
            [.. ((float[])[0.5f, 0.9f]).Select(decay => new ModelTerm(FilmWeights.Of(Films, (_, _) => random.NextSingle() - 0.5f), decay))]);
        var histories = Enumerable.Range(0, People).Select(_ => Enumerable.Range(0, RecommendationModel.MaxHistory).Select(_ => random.Next(Films)).ToArray()).ToImmutableArray();
        var scores = new float[Films];
        var best = new int[Places];
        foreach (var history in histories.Take(100)) Answer(history);

        for (var round = 0; round < settings.Rounds; round++)
        {
            var times = new double[People];
            for (var person = 0; person < People; person++)
            {
                cancellationToken.ThrowIfCancellationRequested();
                var began = Stopwatch.GetTimestamp();
                Answer(histories[person]);
                times[person] = Stopwatch.GetElapsedTime(began).TotalMilliseconds;
            }

            Array.Sort(times);
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture, $"{Films} films, {People} people: half within {times[People / 2]:0.00} ms, 99 in 100 within {times[People * 99 / 100]:0.00} ms, all within {times[^1]:0.00} ms"));
        }

        return Task.FromResult<IReadOnlyList<ComparisonResult>>([]);

        void Answer(int[] history)
        {
            model.Score(history, scores);
            foreach (var seen in history) scores[seen] = float.NegativeInfinity;
            BestPlaces.Find(scores, best);
        }
    }
}
