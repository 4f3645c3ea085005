using Movento.ControlPlane.OutputCaching;

namespace Movento.ControlPlane.Catalogue;

/// <summary>What the output cache keeps of films: pages of the list, and single ones. Any film's change is a new generation of all of them:
/// changes are rare, and a film stands on many pages.</summary>
internal sealed class MovieCache(IAnswerGenerations generations)
{
    public const string Tag = "movies";

    /// <summary>To be called once the change is committed: the next request sees it, in every process that shares the cache.</summary>
    public ValueTask ChangedAsync() => generations.ChangedAsync(Tag);
}
