namespace Movento.Ingest.Probe;

/// <summary>
/// The packets of an MPEG transport stream (ISO/IEC 13818-1 §2.4.3.2), read only to see whether the last one is whole. A transport stream says nowhere
/// how long it is: a copy that stopped between two packets cannot be told from a recording that did.
/// </summary>
/// <param name="IsCutOff">The file ends inside of a packet.</param>
/// <param name="What">One sentence, for the log.</param>
internal readonly record struct TransportOutline(bool IsCutOff, string What)
{
    private const byte SyncByte = 0x47;

    // Packets in a row that begin with the sync byte, before a file is believed to be one.
    private const int Believed = 5;

    // As they are; after four bytes of a time stamp (Blu-ray); before sixteen of parity (DVB). Bytes.
    private static readonly (int Length, int Sync)[] Kinds = [(188, 0), (192, 4), (204, 0)];

    /// <summary>Reads the beginning and the last packet; a file of another kind is not cut off.</summary>
    public static TransportOutline Read(string path)
    {
        using var file = File.OpenHandle(path);
        var length = RandomAccess.GetLength(file);
        Span<byte> beginning = stackalloc byte[204 * Believed];
        if (RandomAccess.Read(file, beginning, 0) < beginning.Length) return default;
        foreach (var (packet, sync) in Kinds)
        {
            var found = 0;
            while (found < Believed && beginning[found * packet + sync] == SyncByte) found++;
            if (found < Believed) continue;
            var over = length % packet;
            Span<byte> last = stackalloc byte[1];
            // What does not begin like a packet was put there by another program, and no demuxer minds it.
            if (over <= sync || RandomAccess.Read(file, last, length - over + sync) != 1 || last[0] != SyncByte) return default;
            return new(true, $"The last packet has {over} bytes of {packet}.");
        }
        return default;
    }
}
