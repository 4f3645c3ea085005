namespace Movento.Contracts;

/// <summary>A secret that somebody else mints Common Access Tokens (CTA-5007) with, for this installation to admit.</summary>
public sealed class CommonAccessTokenKey : IEquatable<CommonAccessTokenKey>
{
    /// <param name="id">The <c>kid</c> of its tokens, in UTF-8 on the wire (RFC 9052 §3.1): 1 to 64 characters.</param>
    /// <param name="issuer">The <c>iss</c> that its tokens must have; null where they have none.</param>
    /// <param name="secret">At least 32 bytes, as RFC 2104 §3 recommends. Copied.</param>
    /// <exception cref="ArgumentException">The id or the secret has another length.</exception>
    public CommonAccessTokenKey(string id, string? issuer, ReadOnlySpan<byte> secret)
    {
        if (id is not { Length: >= 1 and <= 64 })
            throw new ArgumentException("The id of a key of Common Access Tokens has 1 to 64 characters.", nameof(id));
        if (secret.Length is < PlaybackKeyRing.KeyLength or > 1024)
            throw new ArgumentException($"A key of Common Access Tokens is {PlaybackKeyRing.KeyLength} to 1024 bytes.", nameof(secret));
        Id = id;
        Issuer = issuer;
        Secret = new HmacSha256Key(secret);
    }

    /// <summary>The <c>kid</c> of its tokens.</summary>
    public string Id { get; }

    /// <summary>The <c>iss</c> that its tokens must have; null where they have none.</summary>
    public string? Issuer { get; }

    /// <summary>What signs.</summary>
    public HmacSha256Key Secret { get; }

    /// <summary>Whether it is the same key of the same issuer.</summary>
    public bool Equals(CommonAccessTokenKey? other) =>
        other is not null && Id == other.Id && Issuer == other.Issuer && Secret.Bytes.SequenceEqual(other.Secret.Bytes);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as CommonAccessTokenKey);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Id, Issuer);
}
