using System.Collections.Frozen;
using Movento.Packager.Presentations;
using Movento.Packager.Protection;

namespace Movento.Edge.Keys;

/// <summary>The keys of a version that the edge may give out.</summary>
internal static class VersionKeyIds
{
    /// <summary>
    /// Those of renditions of AES-128, and of those whose headers name the common system, which ClearKey is. A film for DRM systems alone
    /// keeps its keys to itself.
    /// </summary>
    public static FrozenSet<UInt128> Of(Presentation presentation) => presentation.Renditions
        .Where(rendition => rendition.Encryption is { } encryption && IsOpen(encryption))
        .SelectMany(rendition => rendition.Encryption!.Periods)
        .Select(period => period.KeyId)
        .ToFrozenSet();

    private static bool IsOpen(Encryption encryption) =>
        encryption.Scheme == EncryptionScheme.Aes128 || encryption.SystemHeaders.Any(header => SystemHeader.IsCommon(header.AsSpan()));
}
