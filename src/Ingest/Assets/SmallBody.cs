namespace Movento.Ingest.Assets;

/// <summary>A request's body that is small enough to be kept in memory.</summary>
internal static class SmallBody
{
    private const int PieceSize = 64 * 1024;

    /// <summary>What the server takes beyond a limit, so that what is too long gets an answer with a name, and not only a connection that is cut.</summary>
    public const int Slack = 2 * PieceSize;

    /// <summary>All of the body; null where it has more than <paramref name="maxBytes"/>.</summary>
    public static async Task<byte[]?> ReadAsync(Stream body, int maxBytes, CancellationToken cancellationToken)
    {
        using var whole = new MemoryStream();
        var piece = new byte[PieceSize];
        int read;
        while ((read = await body.ReadAsync(piece, cancellationToken)) > 0)
        {
            if (whole.Length + read > maxBytes) return null;
            whole.Write(piece, 0, read);
        }

        return whole.ToArray();
    }
}
