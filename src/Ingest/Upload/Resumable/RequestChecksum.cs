using System.Buffers;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Http;
using Movento.Ingest.Assets;

namespace Movento.Ingest.Upload.Resumable;

/// <summary>
/// The checksum of one request's body: Upload-Checksum (tus 1.0.0, "Checksum") as a header or as a trailer, or Content-Digest (RFC 9530).
/// A body that has one is kept whole or not at all.
/// </summary>
internal sealed class RequestChecksum : IDisposable
{
    /// <summary>The header Tus-Checksum-Algorithm.</summary>
    public const string Algorithms = "sha1,sha256,crc32";

    public const string Header = "Upload-Checksum";

    private readonly List<(string Name, IncrementalHash Hash)> _hashes = [];
    private readonly Crc32? _crc32;
    private readonly string? _expectedName;
    private readonly byte[]? _expected;
    private readonly IncrementalHash? _content;
    private readonly byte[]? _contentDigest;

    private RequestChecksum(string? name, byte[]? expected, byte[]? contentDigest, bool inTrailer)
    {
        (_expectedName, _expected, _contentDigest) = (name, expected, contentDigest);
        // What a trailer will ask for is not known before.
        if (name == "sha1" || inTrailer) _hashes.Add(("sha1", IncrementalHash.CreateHash(HashAlgorithmName.SHA1)));
        if (name == "sha256" || inTrailer) _hashes.Add(("sha256", IncrementalHash.CreateHash(HashAlgorithmName.SHA256)));
        if (name == "crc32" || inTrailer) _crc32 = new Crc32();
        if (contentDigest is not null) _content = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    }

    /// <summary>What the request's headers ask for; null where they ask for nothing.</summary>
    public static IngestError? Read(HttpRequest request, out RequestChecksum? checksum)
    {
        checksum = null;
        if (!DigestField.TryReadSha256(request.Headers["Content-Digest"], out var contentDigest)) return UploadErrors.InvalidHeader;
        string? name = null;
        byte[]? expected = null;
        if (request.Headers[Header].ToString() is { Length: > 0 } header && Parse(header, out name, out expected) is { } error) return error;
        // RFC 9110 §6.6.2: the header Trailer names the fields that will follow the body.
        var inTrailer = name is null && request.Headers.Trailer.ToString().Split(',').Any(field => field.Trim().Equals(Header, StringComparison.OrdinalIgnoreCase));
        if (name is not null || inTrailer || contentDigest is not null) checksum = new RequestChecksum(name, expected, contentDigest, inTrailer);
        return null;
    }

    public void Append(ReadOnlySequence<byte> bytes)
    {
        foreach (var memory in bytes)
        {
            foreach (var (_, hash) in _hashes) hash.AppendData(memory.Span);
            _crc32?.Append(memory.Span);
            _content?.AppendData(memory.Span);
        }
    }

    /// <summary>What is wrong, once the body has been read to its end.</summary>
    public IngestError? Verify(HttpRequest request)
    {
        if (_contentDigest is not null && !_content!.GetHashAndReset().AsSpan().SequenceEqual(_contentDigest)) return UploadErrors.ChecksumMismatch;
        var (name, expected) = (_expectedName, _expected);
        if (name is null && (_hashes.Count > 0 || _crc32 is not null))
        {
            if (!request.CheckTrailersAvailable() || request.GetTrailer(Header).ToString() is not { Length: > 0 } trailer) return UploadErrors.InvalidHeader;
            if (Parse(trailer, out name, out expected) is { } error) return error;
        }
        if (name is null) return null;
        var actual = name == "crc32" ? _crc32!.Value() : _hashes.First(hash => hash.Name == name).Hash.GetHashAndReset();
        return actual.AsSpan().SequenceEqual(expected) ? null : UploadErrors.ChecksumMismatch;
    }

    public void Dispose()
    {
        foreach (var (_, hash) in _hashes) hash.Dispose();
        _content?.Dispose();
    }

    private static IngestError? Parse(string header, out string? name, out byte[]? expected)
    {
        (name, expected) = (null, null);
        var words = header.Split(' ', 2);
        if (words is not [var algorithm, var value]) return UploadErrors.InvalidHeader;
        if (!Algorithms.Split(',').Contains(algorithm)) return UploadErrors.UnknownChecksum;
        var bytes = new byte[value.Length];
        if (!Convert.TryFromBase64String(value.Trim(), bytes, out var count)) return UploadErrors.InvalidHeader;
        (name, expected) = (algorithm, bytes[..count]);
        return null;
    }
}
