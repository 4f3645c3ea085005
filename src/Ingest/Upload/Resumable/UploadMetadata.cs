using System.Text;

namespace Movento.Ingest.Upload.Resumable;

/// <summary>The header Upload-Metadata (tus 1.0.0, "Creation"): pairs of a key and a value in Base64, separated by commas.</summary>
internal sealed class UploadMetadata
{
    // What a header may have altogether at Kestrel is 32 KiB.
    private const int MaxLength = 16 << 10;
    private const int MaxPairs = 64;

    private readonly Dictionary<string, string> _values = new(StringComparer.Ordinal);

    /// <summary>The value, or null.</summary>
    public string? this[string key] => _values.GetValueOrDefault(key);

    /// <summary>The file's name: Uppy says <c>name</c> too.</summary>
    public string? FileName => this["filename"] ?? this["name"];

    public string? Title => this["title"];

    /// <summary>See <see cref="UploadPriority"/>.</summary>
    public string? Priority => this["priority"];

    /// <summary>SHA-256 of the whole, as 64 hexadecimal digits.</summary>
    public string? Sha256 => this["sha256"];

    /// <summary>Null where the header is not as the protocol wants it.</summary>
    public static UploadMetadata? Parse(string? header)
    {
        var metadata = new UploadMetadata();
        if (string.IsNullOrWhiteSpace(header)) return metadata;
        if (header.Length > MaxLength) return null;
        foreach (var pair in header.Split(','))
        {
            var words = pair.Trim().Split(' ', 2);
            if (words[0].Length == 0 || metadata._values.Count == MaxPairs) return null;
            var encoded = words.Length == 2 ? words[1].Trim() : "";
            var bytes = new byte[encoded.Length];
            if (!Convert.TryFromBase64String(encoded, bytes, out var count)) return null;
            // Bytes that are no text are none of the values that anybody asks for.
            if (!metadata._values.TryAdd(words[0], Encoding.UTF8.GetString(bytes, 0, count))) return null;
        }
        return metadata;
    }
}
