using System.Collections.Frozen;
using Movento.Packager.Presentations;
using Movento.Packager.Protection;

namespace Movento.Edge.Keys;

/// <summary>The keys of a version that the edge may give out.</summary>
internal static class VersionKeyIds
{
    /// <summary>
    /// Those of renditions of AES-128, and of those whose headers name the common system, which ClearKey is, with all that the header names: of a film that
    /// grows, also those that serve later. A film for DRM systems alone keeps its keys to itself.
    /// </summary>
    public static FrozenSet<UInt128> Of(Presentation presentation)
    {
        var ids = new HashSet<UInt128>();
        foreach (var rendition in presentation.Renditions)
        {
            if (rendition.Encryption is not { } encryption) continue;
            var isOpen = encryption.Scheme == EncryptionScheme.Aes128;
            foreach (var box in encryption.SystemHeaders)
            {
                var header = SystemHeader.Read(box.AsSpan());
                if (header.SystemId != SystemHeader.CommonSystemId) continue;
                isOpen = true;
                for (var index = 0; index < header.KeyIdCount; index++) ids.Add(header.KeyId(index));
            }

            if (isOpen) ids.UnionWith(encryption.Periods.Select(period => period.KeyId));
        }

        return ids.ToFrozenSet();
    }
}
