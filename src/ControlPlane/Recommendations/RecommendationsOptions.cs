namespace Movento.ControlPlane.Recommendations;

/// <summary>What the recommendations can be told.</summary>
public sealed class RecommendationsOptions
{
    private const int MostFilms = 20_000;

    /// <summary>How long after a fit the next one begins.</summary>
    public TimeSpan RefitInterval { get; set; } = TimeSpan.FromHours(6);

    /// <summary>The films that a model knows, those watched most: a fit takes 28 bytes times the square of it, 450 MB for 4,000.</summary>
    public int MaxFilms { get; set; } = 4_000;

    /// <summary>The latest views that a fit looks at.</summary>
    public int MaxViews { get; set; } = 5_000_000;

    /// <summary>People who have watched two films, below which there is no model: what a few do tells of nobody else.</summary>
    public int LeastViewers { get; set; } = 20;

    /// <summary>How long it is kept who has watched what, and what they were shown.</summary>
    public TimeSpan Retention { get; set; } = TimeSpan.FromDays(730);

    /// <summary>The share of viewers, 0 to 1, who get what is watched most instead of what the model says, so that its worth can be measured.</summary>
    public double ControlShare { get; set; }

    /// <summary>Names the experiment: another name deals the viewers out anew.</summary>
    public string Experiment { get; set; } = "model";

    /// <summary>Every sentence about what is wrong; none when all is well.</summary>
    public IEnumerable<string> Validate()
    {
        if (RefitInterval < TimeSpan.FromMinutes(1) || RefitInterval > TimeSpan.FromDays(30))
            yield return $"Recommendations:RefitInterval must be 1 minute to 30 days, not {RefitInterval}.";
        if (MaxFilms is < 1 or > MostFilms) yield return $"Recommendations:MaxFilms must be from 1 to {MostFilms}, not {MaxFilms}.";
        if (MaxViews is < 1 or > 100_000_000) yield return $"Recommendations:MaxViews must be from 1 to 100,000,000, not {MaxViews}.";
        if (LeastViewers < 1) yield return $"Recommendations:LeastViewers must be at least 1, not {LeastViewers}.";
        if (Retention < TimeSpan.FromDays(1) || Retention > TimeSpan.FromDays(3660)) yield return $"Recommendations:Retention must be 1 to 3660 days, not {Retention}.";
        if (ControlShare is not (>= 0 and <= 1)) yield return $"Recommendations:ControlShare must be from 0 to 1, not {ControlShare}.";
        if (string.IsNullOrWhiteSpace(Experiment) || Experiment.Length > 64) yield return "Recommendations:Experiment must be a name of 1 to 64 characters.";
    }
}
