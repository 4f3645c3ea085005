namespace Movento.Storage;

/// <summary>What a store knows of an object without reading it.</summary>
/// <param name="Key">Its key.</param>
/// <param name="Length">In bytes.</param>
/// <param name="ETag">Changes whenever the bytes do; opaque, without quotes.</param>
public sealed record ObjectInfo(string Key, long Length, string ETag);
