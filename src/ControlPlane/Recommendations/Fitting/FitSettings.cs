namespace Movento.ControlPlane.Recommendations.Fitting;

/// <summary>
/// How a model is fitted. The values are the best of a dozen tried on MovieLens 100K and on the training sequences of MovieLens 1M (docs/recommendations.md).
/// </summary>
internal sealed record FitSettings
{
    /// <summary>How much EASE's weights are held down: as if each film had been watched so often by people who watched nothing else.</summary>
    public float EaseRidge { get; init; } = 300;

    /// <summary>The same for the weights of the next film.</summary>
    public float NextRidge { get; init; } = 30;

    /// <summary>What the film before counts of the one after it, in the short of the two memories.</summary>
    public float ShortDecay { get; init; } = 0.5f;

    /// <summary>And in the long one, which is EASE's input too.</summary>
    public float LongDecay { get; init; } = 0.9f;

    /// <summary>What EASE counts beside the next film's weights.</summary>
    public float EaseShare { get; init; } = 0.15f;

    /// <summary>The last films of a history; what lies before is not looked at.</summary>
    public int MaxHistory { get; init; } = 400;
}
