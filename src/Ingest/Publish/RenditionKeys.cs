using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Movento.Contracts;
using Movento.Packager.Protection;

namespace Movento.Ingest.Publish;

/// <summary>The keys of one rendition: those of its version, with initialization vectors of its own. The same whenever and wherever they are derived.</summary>
internal sealed class RenditionKeys : IDisposable
{
    private static readonly byte[] Purpose = "movento initialization vector 1"u8.ToArray();

    private RenditionKeys(EncryptionSettings settings) => Settings = settings;

    public EncryptionSettings Settings { get; }

    /// <summary>Derives them; null where the version is in the clear.</summary>
    /// <param name="asset">Whose rendition it is.</param>
    /// <param name="rendition">Its id: two renditions with one key must not have vectors in common.</param>
    /// <param name="protection">Of the version.</param>
    /// <param name="secret">From which the keys are derived.</param>
    public static RenditionKeys? For(AssetId asset, string rendition, VersionProtection? protection, ContentKeySecret secret) => protection is null
        ? null
        : new RenditionKeys(new EncryptionSettings
        {
            Scheme = protection.Scheme,
            Keys = [.. protection.KeyIds.Select(id => Derive(asset, rendition, id, secret))],
            SegmentsPerKey = protection.SegmentsPerKey,
        });

    /// <summary>Forgets the keys.</summary>
    public void Dispose()
    {
        foreach (var key in Settings.Keys) key.Dispose();
    }

    private static ContentKey Derive(AssetId asset, string rendition, UInt128 id, ContentKeySecret secret)
    {
        Span<byte> bytes = stackalloc byte[ContentKey.Size];
        secret.Derive(asset, id, bytes);
        Span<byte> vector = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(bytes, [.. Purpose, .. Encoding.UTF8.GetBytes(rendition)], vector);
        var key = new ContentKey(id, bytes, BinaryPrimitives.ReadUInt128BigEndian(vector));
        CryptographicOperations.ZeroMemory(bytes);
        return key;
    }
}
