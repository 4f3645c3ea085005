using System.Collections.Immutable;

namespace Movento.Contracts;

/// <summary>The keys that playback is admitted with. Immutable; rotation makes a new ring (<see cref="PlaybackKeys"/>).</summary>
public sealed class PlaybackKeyRing : IEquatable<PlaybackKeyRing>
{
    /// <summary>Bytes of a key: the output size of HMAC-SHA-256, as RFC 2104 §3 recommends.</summary>
    public const int KeyLength = HmacSha256Key.CodeLength;

    private readonly Dictionary<byte, HmacSha256Key> _keys;

    /// <param name="keys">Every key of our own tokens that verifies, by id.</param>
    /// <param name="current">The id of the key that signs.</param>
    /// <param name="commonAccessTokenKeys">The keys of tokens that others mint; null for none.</param>
    /// <exception cref="ArgumentException">A key is not <see cref="KeyLength"/> bytes, the current one is missing, or two of others have one id.</exception>
    public PlaybackKeyRing(
        IReadOnlyDictionary<byte, byte[]> keys, byte current, IReadOnlyCollection<CommonAccessTokenKey>? commonAccessTokenKeys = null)
    {
        if (keys.Any(key => key.Value is not { Length: KeyLength }))
            throw new ArgumentException($"A playback key is {KeyLength} bytes.", nameof(keys));
        if (!keys.ContainsKey(current))
            throw new ArgumentException($"The current playback key {current} is not in the ring.", nameof(current));
        _keys = keys.ToDictionary(key => key.Key, key => new HmacSha256Key(key.Value));
        Current = current;
        CommonAccessTokenKeys = [.. commonAccessTokenKeys ?? []];
        if (CommonAccessTokenKeys.DistinctBy(key => key.Id).Count() != CommonAccessTokenKeys.Length)
            throw new ArgumentException("Two keys of Common Access Tokens have one id.", nameof(commonAccessTokenKeys));
    }

    /// <summary>The id of the key that signs.</summary>
    public byte Current { get; }

    /// <summary>The keys of Common Access Tokens; empty where none are admitted.</summary>
    public ImmutableArray<CommonAccessTokenKey> CommonAccessTokenKeys { get; }

    /// <summary>The ids of our own keys, ascending.</summary>
    public IEnumerable<byte> Ids => _keys.Keys.Order();

    /// <summary>Whether another ring holds the same keys and signs with the same one.</summary>
    public bool Equals(PlaybackKeyRing? other) =>
        other is not null
        && Current == other.Current
        && _keys.Count == other._keys.Count
        && _keys.All(key => other[key.Key] is { } theirs && theirs.Bytes.SequenceEqual(key.Value.Bytes))
        && CommonAccessTokenKeys.SequenceEqual(other.CommonAccessTokenKeys);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as PlaybackKeyRing);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Current, _keys.Count, CommonAccessTokenKeys.Length);

    /// <summary>The key with this id; null where there is none.</summary>
    public HmacSha256Key? this[byte id] => _keys.GetValueOrDefault(id);
}
