using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Security.Cryptography;
using Movento.Packager.Presentations;
using Movento.Packager.Protection;

namespace Movento.Ingest.Publish;

/// <summary>
/// How one version of a film is encrypted, all its renditions alike: decided once, when its encode is planned, and kept with the plan, so that what is given out
/// early has the keys that the whole film has. No key stands in it, only which (docs/formats/content-keys.md).
/// </summary>
/// <param name="Scheme">How.</param>
/// <param name="KeyIds">The keys in the order of their use; ids made at random.</param>
/// <param name="SegmentsPerKey">Segments after which the next key serves; 0: the first one serves for all.</param>
internal sealed record VersionProtection(EncryptionScheme Scheme, ImmutableArray<UInt128> KeyIds, int SegmentsPerKey)
{
    /// <summary>Decides it; null where films are published in the clear.</summary>
    /// <param name="duration">Of the film: it says how many keys there are.</param>
    /// <param name="options">Which encryption, and how long a key serves.</param>
    public static VersionProtection? For(TimeSpan duration, IngestOptions options)
    {
        EncryptionScheme? scheme = options.Encryption switch
        {
            "cbcs" => EncryptionScheme.Cbcs,
            "cenc" => EncryptionScheme.Cenc,
            "aes-128" => EncryptionScheme.Aes128,
            _ => null,
        };
        if (scheme is null) return null;

        // A key serves for longer than asked where the film would need more of them than a presentation names. One segment more than the
        // duration says: the last access units may reach past it.
        var segments = (int)(duration.Ticks / options.SegmentDuration.Ticks) + 2;
        var segmentsPerKey = (int)(options.KeyPeriod.Ticks / options.SegmentDuration.Ticks);
        if (segmentsPerKey > 0) segmentsPerKey = Math.Max(segmentsPerKey, (segments + Encryption.MaxPeriods - 1) / Encryption.MaxPeriods);
        var count = segmentsPerKey == 0 ? 1 : (segments + segmentsPerKey - 1) / segmentsPerKey;
        return new VersionProtection(scheme.Value, [.. Enumerable.Range(0, count).Select(_ => RandomId())], segmentsPerKey);
    }

    private static UInt128 RandomId() => BinaryPrimitives.ReadUInt128BigEndian(RandomNumberGenerator.GetBytes(ContentKey.Size));
}
