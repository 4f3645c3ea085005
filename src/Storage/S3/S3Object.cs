namespace Movento.Storage.S3;

/// <summary>An object of a bucket as a listing or a HEAD tells of it.</summary>
internal readonly record struct S3Object(string Key, long Length, string ETag)
{
    public ObjectInfo ToInfo() => new(Key, Length, ETag);
}
