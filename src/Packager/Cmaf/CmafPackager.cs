using Movento.Packager.Presentations;

namespace Movento.Packager.Cmaf;

/// <summary>Turns one track of an MP4 file into one CMAF file with one sidx.</summary>
public static class CmafPackager
{
    /// <summary>
    /// Reads the first track of <paramref name="settings"/>' kind from <paramref name="source"/> (progressive or fragmented MP4,
    /// seekable) and writes a CMAF track file to <paramref name="destination"/>.
    /// </summary>
    /// <returns>The rendition, everything in it measured from the bytes written.</returns>
    /// <exception cref="MediaFormatException">The source is not an MP4 file that can be packaged.</exception>
    public static Task<Rendition> PackageAsync(
        Stream source, Stream destination, CmafSettings settings, CancellationToken cancellationToken) => throw new NotImplementedException();
}
