namespace Movento.ControlPlane.Recommendations.Models;

/// <summary>One part of a model: what each film that was seen says, the less the longer ago.</summary>
/// <param name="Weights">From the films that were seen to all.</param>
/// <param name="Decay">What the film before counts of the one after it: above 0, at most 1.</param>
internal sealed record ModelTerm(FilmWeights Weights, float Decay)
{
    // What is below would not move a rank.
    private const float Least = 1e-3f;

    /// <summary>What the film that was seen so many films before the last one counts; 0 where that is too little to matter.</summary>
    public float FactorOf(int age)
    {
        var factor = MathF.Pow(Decay, age);
        return factor < Least ? 0 : factor;
    }
}
