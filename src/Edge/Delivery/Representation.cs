using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using Movento.Contracts;
using Movento.Edge.Observation;
using Movento.Packager.Presentations;

namespace Movento.Edge.Delivery;

/// <summary>What a URL stands for: some bytes with a type and a strong validator (RFC 9110 §3.2). Immutable.</summary>
internal abstract class Representation
{
    public required string ContentType { get; init; }

    /// <summary>A strong entity tag, in its quotes.</summary>
    public required string ETag { get; init; }

    /// <summary>In bytes.</summary>
    public abstract long Length { get; }

    /// <summary>What <c>CMSD-Static</c> says of it.</summary>
    public virtual string ServerData => Delivery.ServerData.Describe(ContentType);
}

/// <summary>A small representation, whole in memory: a manifest or a poster.</summary>
internal sealed class Document : Representation
{
    public ReadOnlyMemory<byte> Bytes { get; private init; }

    /// <summary>Where the bytes came from, or what they are made of.</summary>
    public CacheTier Source { get; private init; } = CacheTier.Origin;

    /// <summary>Whether the bytes are in a pinned array: connections then send from there.</summary>
    public bool IsPinned { get; private init; }

    public override long Length => Bytes.Length;

    /// <summary>Whether the same URL will soon stand for other bytes.</summary>
    public bool IsGrowing { get; private init; }

    /// <summary>The same with other bytes, for one request, under the same entity tag. Not pinned: memory that is goes back with the oldest alone.</summary>
    public Document With(ReadOnlyMemory<byte> bytes) => new() { Bytes = bytes, ContentType = ContentType, ETag = ETag, IsGrowing = IsGrowing };

    /// <summary>A document whose entity tag is made from its bytes, so that every edge that renders the same gives the same.</summary>
    public static Document Of(ReadOnlySpan<byte> bytes, string contentType, bool isGrowing = false, CacheTier source = CacheTier.Origin) => new()
    {
        Source = source,
        Bytes = Pinned(bytes),
        IsPinned = true,
        IsGrowing = isGrowing,
        ContentType = contentType,
        // Half of a SHA-256: no two documents will ever share one.
        ETag = $"\"{Convert.ToHexStringLower(SHA256.HashData(bytes).AsSpan(0, 16))}\"",
    };

    private static Memory<byte> Pinned(ReadOnlySpan<byte> bytes)
    {
        var pinned = GC.AllocateUninitializedArray<byte>(bytes.Length, pinned: true);
        bytes.CopyTo(pinned);
        return MemoryMarshal.CreateFromPinnedArray(pinned, 0, pinned.Length);
    }
}

/// <summary>Something that lies at another URL for now (RFC 9110 §15.4.8).</summary>
internal sealed class MovedRepresentation : Representation
{
    /// <summary>Where, relative to the URL that was asked for.</summary>
    public required string Place { get; init; }

    public override long Length => 0;

    public static MovedRepresentation To(string place) => new() { Place = place, ContentType = "", ETag = "" };
}

/// <summary>Something that is there, but higher than the token allows.</summary>
internal sealed class RefusedRepresentation : Representation
{
    public static readonly RefusedRepresentation TooHigh = new() { ContentType = "", ETag = "" };

    private RefusedRepresentation()
    {
    }

    public override long Length => 0;
}

/// <summary>The one file of a rendition, read block by block.</summary>
internal sealed class MediaFile(long length) : Representation
{
    private readonly string? _serverData;

    /// <summary>Where it lies in the object store.</summary>
    public required string StorageKey { get; init; }

    /// <summary>Names the file in the block cache: the first half of the SHA-256 of its storage key.</summary>
    public required UInt128 Id { get; init; }

    /// <summary>The peak, in bits a second; 0 where it is not known.</summary>
    public long Bitrate
    {
        init => _serverData = value > 0 ? Delivery.ServerData.Describe(ContentType, value) : null;
    }

    public override long Length => length;

    public override string ServerData => _serverData ?? base.ServerData;

    /// <summary>Where its segments lie, if it has several.</summary>
    public SegmentBoundaries? Segments { get; init; }

    /// <summary>A rendition's file. A version is immutable, so its name is its validator; the length makes it fail loudly where that is broken.</summary>
    public static MediaFile Of(
        string key, AssetId asset, int version, string rendition, string contentType, long length, long bitrate = 0, SegmentBoundaries? segments = null) =>
        new(length)
        {
            Segments = segments,
            StorageKey = key,
            Id = System.Buffers.Binary.BinaryPrimitives.ReadUInt128BigEndian(SHA256.HashData(Encoding.ASCII.GetBytes(key))),
            ContentType = contentType,
            Bitrate = bitrate,
            ETag = $"\"{asset}-{version}-{rendition}-{length}\"",
        };
}

/// <summary>Some bytes of a rendition's file with a URL of their own: a virtual segment, or the header.</summary>
internal sealed class MediaPart(MediaFile file, ByteRange range) : Representation
{
    public MediaFile File => file;

    public override long Length => range.Size;

    public override string ServerData => file.ServerData;

    /// <summary>Bytes of this part as bytes of the file.</summary>
    public ByteRange InFile(ByteRange part) => new(range.Offset + part.Offset, part.Size);

    /// <summary>A part whose validator is its file's: a validator tells versions of one URL apart, not URLs (RFC 9110 §8.8.3).</summary>
    public static MediaPart Of(MediaFile file, ByteRange range) => new(file, range) { ContentType = file.ContentType, ETag = file.ETag };
}
