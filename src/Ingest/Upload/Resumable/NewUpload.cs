using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Movento.Ingest.Upload.Resumable;

/// <summary>An upload that a client asks for.</summary>
internal sealed record NewUpload(Guid Owner, Guid Team, string Kind, UploadNames Names)
{
    public long? Length { get; init; }
    public string? Metadata { get; init; }
    public byte[]? Digest { get; init; }
    public Guid[]? Parts { get; init; }
    public string? IdempotencyKey { get; init; }

    /// <summary>See <see cref="UploadPriority"/>.</summary>
    public int Priority { get; init; }

    /// <summary>Bytes that exist already: those of a concatenation's parts.</summary>
    public long Received { get; init; }

    public string State { get; init; } = UploadState.Open;

    /// <summary>What was asked for, so that the same idempotency key cannot ask for another thing.</summary>
    public byte[] Asked()
    {
        var text = string.Join(
            '\n', Kind, Length, Names.Title, Names.FileName, Digest is null ? "" : Convert.ToHexStringLower(Digest), string.Join(' ', Parts ?? []));
        // Where none is said the hash is that of uploads from before there were priorities.
        return SHA256.HashData(Encoding.UTF8.GetBytes(Priority == 0 ? text : string.Create(CultureInfo.InvariantCulture, $"{text}\n{Priority}")));
    }
}
