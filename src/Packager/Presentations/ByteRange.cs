namespace Movento.Packager.Presentations;

/// <summary>Some bytes of a file.</summary>
/// <param name="Offset">Of the first one.</param>
/// <param name="Size">How many.</param>
public readonly record struct ByteRange(long Offset, long Size);
