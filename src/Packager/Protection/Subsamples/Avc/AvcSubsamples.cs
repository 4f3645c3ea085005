using Movento.Packager.IsoBmff;

namespace Movento.Packager.Protection.Subsamples.Avc;

/// <summary>
/// H.264: of every slice what follows its header is protected (ISO/IEC 23001-7 §9.5.2.2 and 23000-19 §8.2.2: the lengths, the NAL units'
/// and the slices' headers are clear), and nothing of any other NAL unit.
/// </summary>
internal sealed class AvcSubsamples : ISubsampleRule
{
    private const int MaxSequences = 32;
    private const int MaxPictures = 256;

    private readonly int _lengthSize;
    private readonly AvcSequenceFields?[] _sequences = new AvcSequenceFields?[MaxSequences];
    private readonly AvcPictureFields?[] _pictures = new AvcPictureFields?[MaxPictures];

    /// <param name="configuration">The body of avcC, ISO/IEC 14496-15 §5.3.3.1.</param>
    public AvcSubsamples(BoxReader configuration)
    {
        configuration.Skip(4);
        _lengthSize = (configuration.ReadUInt8() & 3) + 1;
        for (var count = configuration.ReadUInt8() & 0x1f; count > 0; count--)
            Learn(configuration.ReadBytes(configuration.ReadUInt16()));
        for (int count = configuration.ReadUInt8(); count > 0; count--)
            Learn(configuration.ReadBytes(configuration.ReadUInt16()));
    }

    public void Map(ReadOnlySpan<byte> sample, SubsampleTable table)
    {
        for (var units = new NalUnits(sample, _lengthSize); units.TryRead(out var unit);)
        {
            if (unit.IsEmpty || !IsSlice(unit[0]))
            {
                Learn(unit);
                table.Add(_lengthSize + unit.Length, 0);
                continue;
            }

            var header = AvcSliceHeader.Size(unit, _sequences, _pictures);
            table.Add(_lengthSize + header, unit.Length - header);
        }
    }

    // nal_unit_type of Table 7-1: coded slices. Data partitions (2 to 4, extended profile) stay in the clear.
    private static bool IsSlice(byte header) => (header & 0x1f) is 1 or 5;

    private void Learn(ReadOnlySpan<byte> unit)
    {
        if (unit.Length < 2)
            return;
        switch (unit[0] & 0x1f)
        {
            case 7 when AvcSequenceFields.TryRead(unit, out var id) is { } sequence && id < MaxSequences:
                _sequences[id] = sequence;
                break;
            case 8 when AvcPictureFields.TryRead(unit, _sequences, out var id) is { } picture && id < MaxPictures:
                _pictures[id] = picture;
                break;
        }
    }
}
