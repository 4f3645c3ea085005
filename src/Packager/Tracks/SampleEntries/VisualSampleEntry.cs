using Movento.Packager.Codecs;
using Movento.Packager.IsoBmff;
using Movento.Packager.Presentations;

namespace Movento.Packager.Tracks.SampleEntries;

/// <summary>
/// What the sample entries of all pictures have in common (ISO/IEC 14496-12 §12.1.3): the fields before the boxes, and the boxes that say how the
/// pictures are shown. They are written as they are read; a codec copies its own boxes between.
/// </summary>
internal ref struct VisualSampleEntry
{
    // From pre_defined before the width up to the last pre_defined.
    private const int FieldsSize = 70;
    private const int WidthPosition = 16;

    private readonly BoxWriter _writer;
    private readonly uint _type;
    private readonly int _box;
    private SampleAspectRatio? _aspect;
    private byte _transfer = VideoUsability.Unspecified;

    /// <summary>Reads and writes the fields.</summary>
    /// <param name="entry">The body of the entry; left at the first box.</param>
    /// <param name="writer">Empty; the caller disposes of it.</param>
    public VisualSampleEntry(scoped ref BoxReader entry, BoxWriter writer)
    {
        _writer = writer;
        _type = entry.Type;
        _box = writer.Begin(entry.Type);
        entry.Skip(6 + 2);
        writer.WriteZeros(6);
        writer.WriteUInt16(1); // data_reference_index: the one of Dref.Write
        var fields = entry.ReadBytes(FieldsSize);
        Width = fields[WidthPosition] << 8 | fields[WidthPosition + 1];
        Height = fields[WidthPosition + 2] << 8 | fields[WidthPosition + 3];
        writer.WriteBytes(fields);
    }

    /// <summary>In pixels, as the entry says; a parameter set knows better.</summary>
    public int Width { get; }

    /// <summary>In pixels, as the entry says; a parameter set knows better.</summary>
    public int Height { get; }

    /// <summary>What the stream is to a decoder of Dolby Vision; null for nothing, and before the last box was read.</summary>
    public DolbyVisionConfiguration? DolbyVision { get; private set; }

    /// <summary>Copies the boxes that all codecs share, up to one that may be the codec's own.</summary>
    /// <returns>False at the end of the entry.</returns>
    public bool TryReadCodecBox(scoped ref BoxReader entry, out BoxReader child)
    {
        while (entry.TryReadBox(out child))
        {
            switch (child.Type)
            {
                case BoxType.Pasp:
                    Copy(child);
                    _aspect = SampleAspectRatio.OrSquare(child.ReadUInt32(), child.ReadUInt32());
                    break;
                case BoxType.Clap or BoxType.Mdcv or BoxType.Clli or BoxType.Amve:
                    Copy(child); // the clean aperture; the mastering display, the content's light level, the ambient light
                    break;
                case BoxType.DvcC or BoxType.DvvC or BoxType.DvwC:
                    Copy(child);
                    DolbyVision ??= DolbyVisionConfiguration.Read(ref child);
                    break;
                case BoxType.Colr:
                    ReadColour(child);
                    break;
                default:
                    return true;
            }
        }

        return false;
    }

    /// <summary>Writes a box of the codec as it is.</summary>
    public readonly void Copy(scoped BoxReader body)
    {
        var box = _writer.Begin(body.Type);
        _writer.WriteBytes(body.ReadRest());
        _writer.End(box);
    }

    /// <summary>Ends the entry.</summary>
    /// <param name="codecs">The codec string.</param>
    /// <param name="width">Of the decoded pictures after cropping, in pixels.</param>
    /// <param name="height">Of the decoded pictures after cropping, in pixels.</param>
    /// <param name="aspect">As the stream says it; the entry's pasp comes before it.</param>
    /// <param name="transfer">As the stream says it, ISO/IEC 23091-2; where that is unspecified, the entry's colr says it.</param>
    public readonly SampleEntry End(string codecs, int width, int height, SampleAspectRatio aspect, byte transfer)
    {
        _writer.End(_box);
        transfer = transfer == VideoUsability.Unspecified ? _transfer : transfer;
        var supplemental = DolbyVision?.SupplementalCodecs(_type, transfer);
        return new SampleEntry
        {
            Codecs = codecs,
            SupplementalCodecs = supplemental?.ToString(),
            Brands = supplemental is { Brand: var brand } ? [DolbyVisionConfiguration.FileBrand, brand] : DolbyVision is null ? [] : [DolbyVisionConfiguration.FileBrand],
            Box = [.. _writer.Written.Span],
            Video = new VideoFormat(width, height, default, RangeOf(transfer))
            {
                SampleAspectRatio = _aspect ?? aspect,
            },
        };
    }

    // ColourInformationBox, §12.1.5. QuickTime's 'nclc' is not one of ISO's, and a colour profile is for still pictures: neither is copied.
    private void ReadColour(scoped BoxReader colour)
    {
        var body = colour;
        if (new FourCC(colour.ReadUInt32()) != FourCC.Of("nclx"u8))
            return;
        colour.Skip(2); // colour_primaries
        _transfer = (byte)colour.ReadUInt16();
        Copy(body);
    }

    // ISO/IEC 23091-2 Table 3: 16 is SMPTE ST 2084, 18 is ARIB STD-B67. Dolby Vision that is compatible with nothing is PQ in a colour space of its
    // own, for which there is no code.
    private readonly VideoRange RangeOf(byte transfer) => transfer switch
    {
        16 => VideoRange.Pq,
        18 => VideoRange.Hlg,
        _ when DolbyVision is { Compatibility: 0 } => VideoRange.Pq,
        _ => VideoRange.Sdr,
    };
}
