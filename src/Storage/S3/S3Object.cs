namespace Movento.Storage.S3;

/// <summary>An object of a bucket as a listing or a HEAD tells of it.</summary>
internal readonly record struct S3Object(string Key, long Length, string ETag)
{
    /// <summary>Of a HEAD alone; null in a listing.</summary>
    public string? ContentType { get; init; }

    public ObjectInfo ToInfo() => new(Key, Length, ETag);
}
