namespace Movento.Storage;

/// <summary>The store could not do what was asked, for a reason that is its own and not the key's.</summary>
public sealed class ObjectStoreException(string message, bool isTransient, Exception? innerException = null)
    : Exception(message, innerException)
{
    /// <summary>Whether the same call may succeed later (a time-out, a lost connection, a 5xx answer).</summary>
    public bool IsTransient { get; } = isTransient;

    /// <summary>Whether the store had no room left.</summary>
    public bool IsFull { get; init; }
}
