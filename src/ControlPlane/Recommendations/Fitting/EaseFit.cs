namespace Movento.ControlPlane.Recommendations.Fitting;

/// <summary>
/// EASE (Steck, "Embarrassingly Shallow Autoencoders for Sparse Data", WWW 2019): the ridge regression of every film on all others, whose diagonal is held
/// at zero; in closed form from P = (XᵀX + λ)⁻¹ the weights −Pᵢⱼ / Pⱼⱼ.
/// </summary>
internal static class EaseFit
{
    /// <summary>The weights from a film that was seen (row) to another (column), row by row.</summary>
    public static float[] Fit(ViewingHistories viewings, FitSettings settings, LinearSystem system)
    {
        var films = viewings.Films;
        var together = new float[checked(films * films)];
        foreach (var whole in viewings.Histories)
        {
            var history = whole.AsSpan(Math.Max(0, whole.Length - settings.MaxHistory));
            foreach (var one in history)
            {
                var row = together.AsSpan(one * films, films);
                foreach (var other in history) row[other]++;
            }
        }

        var inverse = new float[together.Length];
        for (var film = 0; film < films; film++)
        {
            together[(film * films) + film] += settings.EaseRidge;
            inverse[(film * films) + film] = 1;
        }

        system.Solve(together, films, inverse, films);
        var weights = together;
        for (var seen = 0; seen < films; seen++)
        {
            for (var film = 0; film < films; film++)
                weights[(seen * films) + film] = seen == film ? 0 : -inverse[(seen * films) + film] / inverse[(film * films) + film];
        }

        return weights;
    }
}
