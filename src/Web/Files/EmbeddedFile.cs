using System.IO.Compression;
using System.Security.Cryptography;

namespace Movento.Web.Files;

/// <summary>One file of the pages, in memory: as it is, and packed for browsers that unpack it.</summary>
internal sealed class EmbeddedFile
{
    // Brotli 9 packs hls.js in tens of milliseconds; 11 gains a few percent more and takes over a second.
    private const int BrotliQuality = 9;

    // The largest window that every decoder must support (RFC 7932 §9.1).
    private const int BrotliWindow = 22;

    private readonly Lazy<Encoded> _brotli;
    private readonly Lazy<Encoded> _gzip;

    public EmbeddedFile(string path, byte[] content)
    {
        ContentType = ContentTypes.Of(path);
        Hash = Convert.ToHexStringLower(SHA256.HashData(content))[..32];
        Identity = new Encoded(content, null, $"\"{Hash}\"");
        // Packed at the first request, once: most files of a start are never asked for.
        _brotli = new Lazy<Encoded>(() => new Encoded(Brotli(content), "br", $"\"{Hash}-br\""));
        _gzip = new Lazy<Encoded>(() => new Encoded(Gzip(content), "gzip", $"\"{Hash}-gzip\""));
    }

    public string ContentType { get; }

    /// <summary>128 bits of the content's SHA-256, in hexadecimal digits.</summary>
    public string Hash { get; }

    /// <summary>The content as it is.</summary>
    public Encoded Identity { get; }

    /// <summary>The smallest form among those that the client takes. Each has its own strong ETag (RFC 9110 §8.8.3.3).</summary>
    public Encoded Choose(bool acceptsBrotli, bool acceptsGzip)
    {
        if (!ContentTypes.IsText(ContentType)) return Identity;
        return acceptsBrotli ? _brotli.Value : acceptsGzip ? _gzip.Value : Identity;
    }

    private static byte[] Brotli(byte[] content)
    {
        var packed = new byte[BrotliEncoder.GetMaxCompressedLength(content.Length)];
        return BrotliEncoder.TryCompress(content, packed, out var length, BrotliQuality, BrotliWindow)
            ? packed[..length]
            : throw new InvalidOperationException("Brotli did not fit its own bound.");
    }

    private static byte[] Gzip(byte[] content)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.SmallestSize)) gzip.Write(content);
        return packed.ToArray();
    }

    /// <summary>One form of the content: its bytes, its Content-Encoding (null for none) and its ETag.</summary>
    internal sealed record Encoded(byte[] Content, string? Encoding, string ETag);
}
