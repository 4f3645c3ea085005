using System.Buffers.Binary;
using System.Security.Cryptography;
using Movento.Contracts;
using Movento.Packager.Presentations;
using Movento.Packager.Protection;

namespace Movento.Ingest.Publish;

/// <summary>The keys of one version: ids made at random, keys derived (docs/formats/content-keys.md). The same for all its renditions.</summary>
internal sealed class VersionKeys : IDisposable
{
    private VersionKeys(EncryptionSettings settings) => Settings = settings;

    public EncryptionSettings Settings { get; }

    /// <summary>Makes them; null where films are published in the clear.</summary>
    /// <param name="asset">Whose version it is.</param>
    /// <param name="duration">Of the film: it says how many keys there are.</param>
    /// <param name="options">Which encryption, and how long a key serves.</param>
    /// <param name="secret">From which the keys are derived.</param>
    public static VersionKeys? For(AssetId asset, TimeSpan duration, IngestOptions options, ContentKeySecret secret)
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
        return new VersionKeys(new EncryptionSettings
        {
            Scheme = scheme.Value,
            Keys = [.. Enumerable.Range(0, count).Select(_ => New(asset, secret))],
            SegmentsPerKey = segmentsPerKey,
        });
    }

    /// <summary>Forgets the keys.</summary>
    public void Dispose()
    {
        foreach (var key in Settings.Keys) key.Dispose();
    }

    private static ContentKey New(AssetId asset, ContentKeySecret secret)
    {
        Span<byte> bytes = stackalloc byte[ContentKey.Size];
        RandomNumberGenerator.Fill(bytes);
        var id = BinaryPrimitives.ReadUInt128BigEndian(bytes);
        secret.Derive(asset, id, bytes);
        var key = new ContentKey(id, bytes);
        CryptographicOperations.ZeroMemory(bytes);
        return key;
    }
}
