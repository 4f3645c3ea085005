using Movento.Packager.IsoBmff;

namespace Movento.Packager.Protection.Subsamples.Hevc;

/// <summary>
/// HEVC: of every slice segment what follows its header is protected (ISO/IEC 23001-7 §9.5.2.2 and 23000-19 §8.2.2), and nothing of any
/// other NAL unit.
/// </summary>
internal sealed class HevcSubsamples : ISubsampleRule
{
    private const int MaxSequences = 16;
    private const int MaxPictures = 64;
    private const int FieldsBeforeLengthSize = 21;

    private readonly int _lengthSize;
    private readonly HevcSequenceFields?[] _sequences = new HevcSequenceFields?[MaxSequences];
    private readonly HevcPictureFields?[] _pictures = new HevcPictureFields?[MaxPictures];

    /// <param name="configuration">The body of hvcC, ISO/IEC 14496-15 §8.3.3.1.</param>
    public HevcSubsamples(BoxReader configuration)
    {
        configuration.Skip(FieldsBeforeLengthSize);
        _lengthSize = (configuration.ReadUInt8() & 3) + 1;
        for (int arrays = configuration.ReadUInt8(); arrays > 0; arrays--)
        {
            configuration.Skip(1); // NAL_unit_type
            for (int count = configuration.ReadUInt16(); count > 0; count--)
                Learn(configuration.ReadBytes(configuration.ReadUInt16()));
        }
    }

    public void Map(ReadOnlySpan<byte> sample, SubsampleTable table)
    {
        for (var units = new NalUnits(sample, _lengthSize); units.TryRead(out var unit);)
        {
            if (unit.Length < 3 || TypeOf(unit) > HevcSliceHeader.LastType)
            {
                Learn(unit);
                table.Add(_lengthSize + unit.Length, 0);
                continue;
            }

            var layer = (unit[0] & 1) << 5 | unit[1] >> 3;
            if (layer != 0)
                throw new MediaFormatException(MediaFormatError.Unsupported, "mdat", 0, "HEVC of several layers is not encrypted.");
            var header = HevcSliceHeader.Size(unit, TypeOf(unit), _sequences, _pictures);
            table.Add(_lengthSize + header, unit.Length - header);
        }
    }

    private static int TypeOf(ReadOnlySpan<byte> unit) => unit[0] >> 1 & 0x3f;

    private void Learn(ReadOnlySpan<byte> unit)
    {
        if (unit.Length < 3)
            return;
        switch (TypeOf(unit))
        {
            case 33 when HevcSequenceFields.TryRead(unit, out var id) is { } sequence && id < MaxSequences:
                _sequences[id] = sequence;
                break;
            case 34 when HevcPictureFields.TryRead(unit, out var id) is { } picture && id < MaxPictures:
                _pictures[id] = picture;
                break;
        }
    }
}
