namespace Movento.Contracts;

/// <summary>The keys that playback tokens are signed with: id to 32 secret bytes. Immutable; rotation makes a new ring.</summary>
public sealed class PlaybackKeyRing
{
    /// <summary>Bytes of a key: the output size of HMAC-SHA-256, as RFC 2104 §3 recommends.</summary>
    public const int KeyLength = 32;

    private readonly Dictionary<byte, byte[]> _keys;

    /// <param name="keys">Every key that verifies, by id.</param>
    /// <param name="current">The id of the key that signs.</param>
    /// <exception cref="ArgumentException">A key is not <see cref="KeyLength"/> bytes, or the current one is missing.</exception>
    public PlaybackKeyRing(IReadOnlyDictionary<byte, byte[]> keys, byte current)
    {
        if (keys.Any(key => key.Value.Length != KeyLength))
            throw new ArgumentException($"A playback key is {KeyLength} bytes.", nameof(keys));
        if (!keys.ContainsKey(current))
            throw new ArgumentException($"The current playback key {current} is not in the ring.", nameof(current));
        _keys = keys.ToDictionary(key => key.Key, key => (byte[])key.Value.Clone());
        Current = current;
    }

    /// <summary>The id of the key that signs.</summary>
    public byte Current { get; }

    /// <summary>The key with this id; empty where there is none.</summary>
    public ReadOnlySpan<byte> this[byte id] => _keys.TryGetValue(id, out var key) ? key : default;
}
