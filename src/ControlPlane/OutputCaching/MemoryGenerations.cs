using System.Collections.Concurrent;
using System.Globalization;
using Microsoft.AspNetCore.OutputCaching;

namespace Movento.ControlPlane.OutputCaching;

/// <summary>The generations of one process, whose answers ASP.NET keeps in memory. Another process does not hear of a change: what it gives
/// is at most <see cref="PublicAnswerPolicy.Lifetime"/> old.</summary>
internal sealed class MemoryGenerations(IOutputCacheStore store) : IAnswerGenerations
{
    private readonly ConcurrentDictionary<string, long> _generations = new(StringComparer.Ordinal);

    public ValueTask<string?> CurrentAsync(string tag) =>
        ValueTask.FromResult<string?>(_generations.GetValueOrDefault(tag).ToString(CultureInfo.InvariantCulture));

    public ValueTask ChangedAsync(string tag)
    {
        _generations.AddOrUpdate(tag, 1, static (_, generation) => generation + 1);
        return store.EvictByTagAsync(tag, CancellationToken.None);
    }
}
