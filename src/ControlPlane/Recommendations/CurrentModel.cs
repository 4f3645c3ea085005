using Movento.ControlPlane.Recommendations.Models;

namespace Movento.ControlPlane.Recommendations;

/// <summary>The model that answers now. A new one takes its place between two requests; each request keeps to the one that it began with.</summary>
internal sealed class CurrentModel
{
    private Versioned? _current;

    /// <summary>Null until there is one.</summary>
    public Versioned? Value
    {
        get => Volatile.Read(ref _current);
        set => Volatile.Write(ref _current, value);
    }

    /// <param name="Id">Its row in <c>models</c>.</param>
    /// <param name="Model">The model.</param>
    public sealed record Versioned(long Id, RecommendationModel Model);
}
