namespace Movento.Packager.IsoBmff.Boxes;

/// <summary>Media Header Box (mdhd), in mdia; ISO/IEC 14496-12 §8.4.2.</summary>
/// <param name="Timescale">Ticks a second of the media's times.</param>
/// <param name="Duration">In those ticks; 0 where the samples are in fragments.</param>
/// <param name="Language">Three letters of ISO 639-2/T, five bits each.</param>
public readonly record struct Mdhd(uint Timescale, long Duration, ushort Language)
{
    /// <summary>The letters "und".</summary>
    public const ushort Undetermined = ('u' - 0x60) << 10 | ('n' - 0x60) << 5 | ('d' - 0x60);

    /// <summary>Reads the body.</summary>
    public static Mdhd Read(scoped ref BoxReader box)
    {
        var header = box.ReadFullBoxHeader(highestVersion: 1);
        box.Skip(header.Version == 1 ? 16 : 8); // creation_time, modification_time
        var timescale = box.ReadUInt32();
        if (timescale == 0)
            throw box.Error(MediaFormatError.Invalid, "The media's timescale is 0.");
        var media = new Mdhd(timescale, header.Version == 1 ? box.ReadInt64() : box.ReadUInt32(), box.ReadUInt16());
        box.Skip(2); // pre_defined
        return media;
    }

    /// <summary>Writes the box.</summary>
    public void Write(BoxWriter writer)
    {
        var box = writer.BeginFull(BoxType.Mdhd, 1, 0);
        writer.WriteZeros(16);
        writer.WriteUInt32(Timescale);
        writer.WriteInt64(Duration);
        writer.WriteUInt16(Language);
        writer.WriteZeros(2);
        writer.End(box);
    }
}
