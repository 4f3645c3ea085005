namespace Movento.Packager.IsoBmff.Boxes;

/// <summary>Track Header Box (tkhd), in trak; ISO/IEC 14496-12 §8.3.2.</summary>
/// <param name="TrackId">Names the track; not 0.</param>
/// <param name="Duration">In the movie's ticks; 0 where the samples are in fragments.</param>
/// <param name="Volume">8.8 fixed-point; 0 for pictures.</param>
/// <param name="Matrix">How pictures are turned.</param>
/// <param name="Width">16.16 fixed-point, as shown; 0 for sound.</param>
/// <param name="Height">16.16 fixed-point, as shown; 0 for sound.</param>
public readonly record struct Tkhd(uint TrackId, long Duration, ushort Volume, Matrix Matrix, uint Width, uint Height)
{
    // track_enabled | track_in_movie | track_in_preview
    private const uint Enabled = 7;

    /// <summary>Reads the body.</summary>
    public static Tkhd Read(scoped ref BoxReader box)
    {
        var header = box.ReadFullBoxHeader(highestVersion: 1);
        box.Skip(header.Version == 1 ? 16 : 8); // creation_time, modification_time
        var id = box.ReadUInt32();
        if (id == 0)
            throw box.Error(MediaFormatError.Invalid, "The track's id is 0.");
        box.Skip(4); // reserved
        var duration = header.Version == 1 ? box.ReadInt64() : box.ReadUInt32();
        box.Skip(8 + 2 + 2); // reserved, layer, alternate_group
        var volume = box.ReadUInt16();
        box.Skip(2); // reserved
        return new Tkhd(id, duration, volume, Matrix.Read(ref box), box.ReadUInt32(), box.ReadUInt32());
    }

    /// <summary>Writes the box, the track enabled.</summary>
    public void Write(BoxWriter writer)
    {
        var box = writer.BeginFull(BoxType.Tkhd, 1, Enabled);
        writer.WriteZeros(16);
        writer.WriteUInt32(TrackId);
        writer.WriteZeros(4);
        writer.WriteInt64(Duration);
        writer.WriteZeros(12);
        writer.WriteUInt16(Volume);
        writer.WriteZeros(2);
        Matrix.Write(writer);
        writer.WriteUInt32(Width);
        writer.WriteUInt32(Height);
        writer.End(box);
    }
}
