using System.Buffers;

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

    /// <summary>Bytes of the fields that every token has; restrictions follow, then the signature.</summary>
    public const int FixedLength = 39;

    /// <summary>Bytes of an HMAC-SHA-256.</summary>
    public const int SignatureLength = HmacSha256Key.CodeLength;

    /// <summary>Characters of a path prefix: <c>assets/{asset}/v{9 digits}/segments/{32 characters}/</c> has 93.</summary>
    public const int MaxPathPrefixLength = 96;

    /// <summary>Bytes of a sign-in's id.</summary>
    public const int SignInLength = 16;

    /// <summary>Bytes of a token without restrictions.</summary>
    public const int MinByteLength = FixedLength + SignatureLength;

    /// <summary>Bytes of a token with every restriction: a network of IPv6, a country, a height, the longest prefix, a sign-in.</summary>
    public const int MaxByteLength = MinByteLength + (1 + 1 + 16) + (1 + CountryCode.Length) + (1 + sizeof(ushort)) + (1 + 1 + MaxPathPrefixLength)
        + (1 + SignInLength);

    /// <summary>The beginning of every path that a URL of the edge may have after its token.</summary>
    public const string PathRoot = "assets/";

    private static readonly SearchValues<char> PathCharacters = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789-/");

    /// <summary>Whether it names a folder in URLs of the edge: lower case, from <see cref="PathRoot"/> to a slash.</summary>
    public static bool IsPathPrefix(ReadOnlySpan<char> prefix) =>
        prefix.Length <= MaxPathPrefixLength && prefix.StartsWith(PathRoot) && prefix[^1] == '/' && !prefix.ContainsAnyExcept(PathCharacters)
        && !prefix.Contains("//", StringComparison.Ordinal);
}

/// <summary>What a restriction of a playback token is about: its first byte. In a token they ascend, each at most once.</summary>
internal enum PlaybackRestriction : byte
{
    /// <summary>A byte of length, 0 to 32, and the 4 bytes of an IPv4 network.</summary>
    NetworkIPv4 = 1,

    /// <summary>A byte of length, 0 to 128, and the 16 bytes of an IPv6 network.</summary>
    NetworkIPv6 = 2,

    /// <summary>Two letters of a country.</summary>
    Country = 3,

    /// <summary>Two bytes of lines, big-endian, from 1.</summary>
    MaxHeight = 4,

    /// <summary>A byte of length, then a folder.</summary>
    PathPrefix = 5,

    /// <summary>The 16 bytes of a sign-in's id, not all of them zero.</summary>
    SignIn = 6,
}
