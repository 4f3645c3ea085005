namespace Movento.Contracts;

/// <summary>Where each field of a playback token lies, version 1 (docs/formats/playback-token.md).</summary>
internal static class PlaybackTokenFormat
{
    public const byte Version = 1;

    public const int VersionOffset = 0;
    public const int KeyIdOffset = 1;
    public const int ScopeOffset = 2;
    public const int ExpiryOffset = 3;
    public const int AssetOffset = 7;
    public const int SessionOffset = 23;
    public const int SignatureOffset = 39;

    /// <summary>Bytes of an HMAC-SHA-256.</summary>
    public const int SignatureLength = 32;

    /// <summary>Bytes of a token.</summary>
    public const int ByteLength = SignatureOffset + SignatureLength;

    /// <summary>Characters of a token: base64url of <see cref="ByteLength"/> bytes, six bits a character, rounded up.</summary>
    public const int TextLength = (ByteLength * 8 + 5) / 6;
}
