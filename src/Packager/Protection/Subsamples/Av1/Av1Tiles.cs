using Movento.Packager.Codecs;

namespace Movento.Packager.Protection.Subsamples.Av1;

/// <summary>tile_info() (AV1 specification §5.9.15): into how many tiles a frame is cut.</summary>
/// <param name="Count">Tiles.</param>
/// <param name="IndexBits">Bits of a tile's number; 0 for one tile.</param>
/// <param name="SizeBytes">Bytes of a tile's size.</param>
internal readonly record struct Av1Tiles(int Count, int IndexBits, int SizeBytes)
{
    private const int MaxTileWidth = 4096;
    private const int MaxTileArea = 4096 * 2304;
    private const int MaxColumns = 64;
    private const int MaxRows = 64;

    /// <summary>Reads it.</summary>
    /// <param name="bits">Where it stands.</param>
    /// <param name="isLarge">Whether superblocks have 128 samples a side.</param>
    /// <param name="width">Of the frame, in samples.</param>
    /// <param name="height">Of the frame, in samples.</param>
    public static Av1Tiles Read(ref BitReader bits, bool isLarge, int width, int height)
    {
        var shift = isLarge ? 5 : 4;
        // A frame of nothing, such as hostile bytes have it, still has one superblock.
        var columns = Superblocks(Math.Max(width, 1), shift);
        var rows = Superblocks(Math.Max(height, 1), shift);
        var maxWidth = MaxTileWidth >> (shift + 2);
        var maxArea = MaxTileArea >> (2 * (shift + 2));
        var minColumnsLog = Av1Numbers.LogOfTiles(maxWidth, columns);
        var minLog = Math.Max(minColumnsLog, Av1Numbers.LogOfTiles(maxArea, rows * columns));
        int columnsLog, rowsLog, tileColumns, tileRows;
        if (bits.ReadFlag()) // uniform_tile_spacing_flag
        {
            columnsLog = ReadLog(ref bits, minColumnsLog, Av1Numbers.LogOfTiles(1, Math.Min(columns, MaxColumns)));
            tileColumns = Parts(columns, columnsLog);
            rowsLog = ReadLog(ref bits, Math.Max(minLog - columnsLog, 0), Av1Numbers.LogOfTiles(1, Math.Min(rows, MaxRows)));
            tileRows = Parts(rows, rowsLog);
        }
        else
        {
            tileColumns = ReadParts(ref bits, columns, maxWidth, out var widest);
            columnsLog = Av1Numbers.LogOfTiles(1, tileColumns);
            var area = minLog > 0 ? rows * columns >> (minLog + 1) : rows * columns;
            tileRows = ReadParts(ref bits, rows, Math.Max(area / widest, 1), out _);
            rowsLog = Av1Numbers.LogOfTiles(1, tileRows);
        }

        var indexBits = columnsLog + rowsLog;
        if (indexBits == 0)
            return new Av1Tiles(tileColumns * tileRows, 0, 0);
        bits.Skip(indexBits); // context_update_tile_id
        return new Av1Tiles(tileColumns * tileRows, indexBits, (int)bits.ReadBits(2) + 1);
    }

    // MiCols and MiRows (§5.9.9) in superblocks.
    private static int Superblocks(int samples, int shift) => (2 * ((samples + 7) >> 3) + (1 << shift) - 1) >> shift;

    private static int ReadLog(ref BitReader bits, int log, int max)
    {
        while (log < max && bits.ReadFlag())
            log++;
        return log;
    }

    private static int Parts(int superblocks, int log)
    {
        var size = (superblocks + (1 << log) - 1) >> log;
        return (superblocks + size - 1) / size;
    }

    private static int ReadParts(ref BitReader bits, int superblocks, int max, out int widest)
    {
        var count = 0;
        widest = 0;
        for (var start = 0; start < superblocks; count++)
        {
            var size = Av1Numbers.ReadBelow(ref bits, Math.Min(superblocks - start, max)) + 1;
            widest = Math.Max(widest, size);
            start += size;
        }

        return count;
    }
}
