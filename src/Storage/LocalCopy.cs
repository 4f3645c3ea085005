namespace Movento.Storage;

/// <summary>Writes a stream to a new local file, whole or not at all.</summary>
internal static class LocalCopy
{
    /// <exception cref="IOException">There is a file at <paramref name="path"/>, no folder for it, or no room.</exception>
    public static async Task WriteAsync(Stream content, string path, CancellationToken cancellationToken)
    {
        await using var file = new FileStream(path, new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.Write,
            Options = FileOptions.Asynchronous,
            BufferSize = 0,
        });
        try
        {
            await content.CopyToAsync(file, cancellationToken);
        }
        catch
        {
            File.Delete(path);
            throw;
        }
    }
}
