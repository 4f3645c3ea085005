namespace Movento.Storage;

/// <summary>Removes many objects at once.</summary>
public static class PrefixRemoval
{
    /// <summary>Removes every object whose key begins with <paramref name="prefix"/>. They are listed first: no store has to list what is being removed.</summary>
    public static async Task DeleteAllAsync(this IObjectStore store, string prefix, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(store);
        var keys = new List<string>();
        await foreach (var found in store.ListAsync(prefix, cancellationToken)) keys.Add(found.Key);
        foreach (var key in keys) await store.DeleteAsync(key, cancellationToken);
    }
}
