namespace Movento.Packager;

/// <summary>Bytes that are not what the standard says they must be.</summary>
/// <param name="error">What is wrong, by name.</param>
/// <param name="path">Where: the boxes from the outside in, such as <c>moov/trak[1]/mdia</c>; empty for the file itself.</param>
/// <param name="offset">Of the offending box or field in the file, in bytes.</param>
/// <param name="message">One sentence for a person.</param>
public sealed class MediaFormatException(MediaFormatError error, string path, long offset, string message)
    : Exception($"{message} ({error}{(path.Length > 0 ? $" in '{path}'" : "")} at byte {offset})")
{
    /// <summary>What is wrong, by name.</summary>
    public MediaFormatError Error { get; } = error;

    /// <summary>The boxes from the outside in.</summary>
    public string Path { get; } = path;

    /// <summary>In bytes from the start of the file.</summary>
    public long Offset { get; } = offset;
}

/// <summary>The ways in which media bytes can be wrong.</summary>
public enum MediaFormatError
{
    /// <summary>The bytes end before the structure does.</summary>
    Truncated,

    /// <summary>A mandatory box or field is not there.</summary>
    Missing,

    /// <summary>A field has a value that its standard forbids, or that contradicts another field.</summary>
    Invalid,

    /// <summary>Well-formed, but of a kind that this library does not package.</summary>
    Unsupported,

    /// <summary>A count or size is above this library's bound.</summary>
    TooLarge,
}
