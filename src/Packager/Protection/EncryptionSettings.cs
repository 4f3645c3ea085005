using System.Collections.Immutable;
using Movento.Packager.Presentations;

namespace Movento.Packager.Protection;

/// <summary>How a rendition is to be encrypted. The caller keeps the keys and disposes them.</summary>
public sealed record EncryptionSettings
{
    /// <summary>How.</summary>
    public required EncryptionScheme Scheme { get; init; }

    /// <summary>The keys in the order of their use, at least one. Where there are more periods than keys, the first key serves again after the last one.</summary>
    public required ImmutableArray<ContentKey> Keys { get; init; }

    /// <summary>Segments after which the next key serves; 0: the first key serves for all of them.</summary>
    public int SegmentsPerKey { get; init; }

    /// <summary>Whole pssh boxes of DRM systems (ISO/IEC 23001-7 §8.1), such as Widevine's and PlayReady's, to be passed on.</summary>
    public ImmutableArray<ImmutableArray<byte>> SystemHeaders { get; init; } = [];

    /// <summary>Whether a pssh of the W3C's common system names the keys, with which ClearKey plays and an edge of Movento gives out keys.</summary>
    public bool HasCommonSystemHeader { get; init; } = true;

    internal void ThrowIfInvalid()
    {
        if (Keys.IsDefaultOrEmpty)
            throw new ArgumentException("There is no content key.");
        if (SegmentsPerKey < 0)
            throw new ArgumentException("The segments per key are below zero.");
        if (!Enum.IsDefined(Scheme))
            throw new ArgumentException($"The encryption scheme {Scheme} is unknown.");
        if (SystemHeaders.Length >= Encryption.MaxSystemHeaders)
            throw new ArgumentException($"There are {SystemHeaders.Length} system headers; fewer than {Encryption.MaxSystemHeaders} are written.");
        foreach (var header in SystemHeaders)
            SystemHeader.Read(header.AsSpan());
    }
}
