namespace Movento.ControlPlane.Recommendations.Fitting;

/// <summary>Who has watched what after what, with films and people as numbers.</summary>
/// <param name="Films">How many films there are; their numbers are below.</param>
/// <param name="Histories">For each of the people the films, the last seen last, none twice.</param>
internal sealed record ViewingHistories(int Films, IReadOnlyList<int[]> Histories)
{
    /// <summary>How often each film was watched.</summary>
    public float[] Popularity()
    {
        var counts = new float[Films];
        foreach (var history in Histories)
        {
            foreach (var film in history) counts[film]++;
        }

        return counts;
    }
}
