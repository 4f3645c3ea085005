namespace Movento.ControlPlane.Recommendations.Fitting;

/// <summary>
/// The ridge regression of the next film on what was seen before it. A history comes in twice, as a short and as a long memory: in each a film counts the
/// decay to the power of how many films ago it was. Both are regressed at once.
/// </summary>
/// <remarks>
/// The sums over all moments of a history are geometric series, so that each pair of its films is looked at once, not once a moment: with x ≤ m = y, and
/// n films, the moments after m add γₛ^(m−x) · (1 + γₛγᵣ + … ) over n − 1 − m terms.
/// </remarks>
internal static class NextFilmFit
{
    // Of a film that counts less the regression would learn nothing.
    private const float Least = 1e-4f;

    private const int Memories = 2;

    /// <summary>The weights from a film that was seen (row) to the next (column), row by row: of the short memory, and of the long one.</summary>
    public static (float[] Short, float[] Long) Fit(ViewingHistories viewings, FitSettings settings, LinearSystem system)
    {
        var films = viewings.Films;
        var inputs = Memories * films;
        var decays = new[] { settings.ShortDecay, settings.LongDecay };
        var powers = Array.ConvertAll(decays, PowersOf);

        // :: Step 1: inputs by inputs, and inputs by targets, a column for each target
        var between = new float[checked(inputs * inputs)];
        var towards = new float[checked(inputs * films)];
        foreach (var whole in viewings.Histories)
        {
            var history = whole.AsSpan(Math.Max(0, whole.Length - settings.MaxHistory));
            for (var last = 0; last < history.Length - 1; last++)
            {
                var moments = history.Length - 1 - last;
                for (var one = 0; one < Memories; one++)
                {
                    for (var other = 0; other < Memories; other++)
                        AddMoments(between, inputs, history[..(last + 1)], one * films, other * films, powers[one], powers[other], Series(decays[one] * decays[other], moments));
                }
            }

            for (var next = 1; next < history.Length; next++)
            {
                var column = towards.AsSpan(history[next] * inputs, inputs);
                for (var memory = 0; memory < Memories; memory++)
                {
                    for (var age = 0; age < powers[memory].Length && age < next; age++)
                        column[(memory * films) + history[next - 1 - age]] += powers[memory][age];
                }
            }
        }

        // :: Step 2: the ridge, and the weights
        for (var input = 0; input < inputs; input++) between[(input * inputs) + input] += settings.NextRidge;
        system.Solve(between, inputs, towards, films);

        // :: Step 3: a row for each film that was seen
        return (Rows(towards, films, 0), Rows(towards, films, films));
    }

    // Of all pairs whose later film is the last of these: that film in the one memory with every film in the other, and the other way round.
    private static void AddMoments(
        float[] between, int inputs, ReadOnlySpan<int> seen, int one, int other, float[] ofOne, float[] ofOther, float series)
    {
        var last = seen[^1];
        for (var age = 0; age < ofOther.Length && age < seen.Length; age++)
            between[((one + last) * inputs) + other + seen[^(age + 1)]] += ofOther[age] * series;
        for (var age = 1; age < ofOne.Length && age < seen.Length; age++)
            between[((one + seen[^(age + 1)]) * inputs) + other + last] += ofOne[age] * series;
    }

    private static float Series(float ratio, int terms) => (1 - MathF.Pow(ratio, terms)) / (1 - ratio);

    private static float[] PowersOf(float decay)
    {
        var powers = new List<float>();
        for (var power = 1f; power >= Least; power *= decay) powers.Add(power);
        return [.. powers];
    }

    private static float[] Rows(float[] columns, int films, int memory)
    {
        var rows = new float[films * films];
        for (var film = 0; film < films; film++)
        {
            var column = columns.AsSpan((film * Memories * films) + memory, films);
            for (var seen = 0; seen < films; seen++) rows[(seen * films) + film] = column[seen];
        }

        return rows;
    }
}
