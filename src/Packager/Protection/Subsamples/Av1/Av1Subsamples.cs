using Movento.Packager.Codecs;
using Movento.Packager.IsoBmff;

namespace Movento.Packager.Protection.Subsamples.Av1;

/// <summary>
/// AV1: the tiles are protected, and nothing of any header or size (AV1 Codec ISO Media File Format Binding §4.3).
/// </summary>
internal sealed class Av1Subsamples : ISubsampleRule
{
    private const int SequenceHeader = 1, FrameHeader = 3, TileGroup = 4, Frame = 6, RedundantFrameHeader = 7, TileList = 8;
    private const int ConfigurationFields = 4;

    private readonly Av1FrameHeader _header = new();
    private Av1SequenceFields? _sequence;
    private bool _isInFrame;

    /// <param name="configuration">The body of av1C, §2.3.3 of the binding: the sequence header may stand there.</param>
    public Av1Subsamples(BoxReader configuration)
    {
        configuration.Skip(ConfigurationFields);
        using var none = new SubsampleTable(isAligned: false);
        none.BeginSample(null, hasSubsamples: true);
        Map(configuration.ReadRest(), none);
    }

    public void Map(ReadOnlySpan<byte> sample, SubsampleTable table)
    {
        var clear = 0L;
        for (var rest = sample; !rest.IsEmpty;)
        {
            // :: Step 1 — the OBU's header and size, §5.3
            var before = rest.Length;
            var header = rest[0];
            var hasExtension = (header & 4) != 0;
            if (rest.Length < (hasExtension ? 2 : 1))
                throw Error("A sample ends within the header of an OBU.");
            var (temporal, spatial) = hasExtension ? (rest[1] >> 5, rest[1] >> 3 & 3) : (0, 0);
            rest = rest[(hasExtension ? 2 : 1)..];
            var size = (header & 2) != 0 ? Av1Numbers.ReadLeb128(ref rest) : rest.Length;
            if (size is not { } length || length > rest.Length)
                throw Error("An OBU reaches past its sample.");
            clear += before - rest.Length;
            var payload = rest[..length];
            rest = rest[length..];

            // :: Step 2 — what it holds
            switch (header >> 3 & 15)
            {
                case SequenceHeader:
                    _sequence = Av1SequenceFields.TryRead(payload) ?? throw Error("The sequence header cannot be read.");
                    clear += length;
                    break;
                case FrameHeader or RedundantFrameHeader:
                    ReadHeader(payload, temporal, spatial);
                    clear += length;
                    break;
                case Frame:
                    var used = ReadHeader(payload, temporal, spatial);
                    clear += used;
                    MapTiles(payload[used..], table, ref clear);
                    break;
                case TileGroup:
                    MapTiles(payload, table, ref clear);
                    break;
                case TileList:
                    throw new MediaFormatException(MediaFormatError.Unsupported, "mdat", 0, "AV1 with tile lists is not encrypted.");
                default:
                    clear += length;
                    break;
            }
        }

        table.Add(clear, 0);
    }

    // Returns the bytes of the header. A second header of a frame is a copy (frame_header_copy, §5.9.1).
    private int ReadHeader(ReadOnlySpan<byte> payload, int temporal, int spatial)
    {
        if (_isInFrame)
            return payload.Length;
        if (_sequence is null)
            throw Error("A frame stands before the sequence header.");
        var bits = new BitReader(payload);
        _header.Read(ref bits, _sequence, temporal, spatial);
        if (bits.IsPastEnd)
            throw Error("An OBU ends within a frame header.");
        _isInFrame = _header.Tiles.Count > 0;
        return bits.BytesUsed;
    }

    // tile_group_obu, §5.11.1
    private void MapTiles(ReadOnlySpan<byte> group, SubsampleTable table, ref long clear)
    {
        var tiles = _header.Tiles;
        if (!_isInFrame)
            throw Error("Tiles stand before their frame header.");
        var bits = new BitReader(group);
        var (first, last) = (0, tiles.Count - 1);
        if (tiles.Count > 1 && bits.ReadFlag()) // tile_start_and_end_present_flag
            (first, last) = ((int)bits.ReadBits(tiles.IndexBits), (int)bits.ReadBits(tiles.IndexBits));
        if (bits.IsPastEnd || first > last || last >= tiles.Count)
            throw Error("A tile group has tiles that its frame has not.");
        clear += bits.BytesUsed;
        group = group[bits.BytesUsed..];
        for (var tile = first; tile <= last; tile++)
        {
            var size = group.Length;
            if (tile < last)
            {
                size = ReadTileSize(ref group, tiles.SizeBytes);
                clear += tiles.SizeBytes;
            }

            table.Add(clear, size);
            clear = 0;
            group = group[size..];
        }

        if (last < tiles.Count - 1)
            return;
        _header.Keep();
        _isInFrame = false;
    }

    private static int ReadTileSize(ref ReadOnlySpan<byte> group, int bytes)
    {
        if (group.Length < bytes)
            throw Error("A tile group ends within the size of a tile.");
        var size = 1L;
        for (var index = 0; index < bytes; index++)
            size += (long)group[index] << (8 * index);
        group = group[bytes..];
        return size <= group.Length ? (int)size : throw Error("A tile reaches past its tile group.");
    }

    private static MediaFormatException Error(string message) => new(MediaFormatError.Invalid, "mdat", 0, message);
}
