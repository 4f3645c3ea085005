namespace Movento.ControlPlane.Recommendations.Models;

/// <summary>The best of many scores, without sorting the rest.</summary>
internal static class BestPlaces
{
    /// <summary>Writes the places of the highest scores into <paramref name="best"/>, the highest first; those of minus infinity are no places.</summary>
    /// <returns>How many there are.</returns>
    public static int Find(ReadOnlySpan<float> scores, Span<int> best)
    {
        var count = 0;
        var least = float.NegativeInfinity;
        for (var place = 0; place < scores.Length; place++)
        {
            var score = scores[place];
            // What is no number compares with nothing, and is not the best of anything.
            if (!(score > least)) continue;
            var position = count < best.Length ? count++ : best.Length - 1;
            for (; position > 0 && scores[best[position - 1]] < score; position--) best[position] = best[position - 1];
            best[position] = place;
            if (count == best.Length) least = scores[best[^1]];
        }

        return count;
    }
}
