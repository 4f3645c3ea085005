namespace Movento.Packager.Verification;

/// <summary>Where a presentation is read from: a folder, a server, or what was just packaged. Nothing above its root is ever read.</summary>
public interface IPresentationSource
{
    /// <summary>An absolute http or https address that ends in a slash, below which every other lies; made up where there is no server.</summary>
    Uri Root { get; }

    /// <summary>How many reads may run at the same time.</summary>
    int Parallelism { get; }

    /// <summary>The manifests to begin with, as addresses below the root.</summary>
    ValueTask<IReadOnlyList<string>> FindManifestsAsync(CancellationToken cancellationToken);

    /// <summary>Reads bytes of one file.</summary>
    /// <param name="address">Relative to the root, percent-encoded as in the manifest.</param>
    /// <param name="offset">From the start of the file.</param>
    /// <param name="buffer">Filled as far as the file goes.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    /// <returns>How many bytes were read (0 past the end), and the length of the whole file.</returns>
    /// <exception cref="PresentationSourceException">There is no such file, or it cannot be read.</exception>
    ValueTask<(int Read, long Length)> ReadAsync(string address, long offset, Memory<byte> buffer, CancellationToken cancellationToken);
}

/// <summary>A file of a presentation that cannot be read.</summary>
/// <param name="isMissing">Whether it is not there, rather than out of reach.</param>
/// <param name="message">One sentence for a person.</param>
public sealed class PresentationSourceException(bool isMissing, string message, Exception? innerException = null) : Exception(message, innerException)
{
    /// <summary>Whether it is not there, rather than out of reach.</summary>
    public bool IsMissing { get; } = isMissing;
}
