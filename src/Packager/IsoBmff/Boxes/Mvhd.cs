namespace Movento.Packager.IsoBmff.Boxes;

/// <summary>Movie Header Box (mvhd), in moov; ISO/IEC 14496-12 §8.2.2.</summary>
/// <param name="Timescale">Ticks a second of the movie's times.</param>
/// <param name="Duration">In those ticks; 0 where the samples are in fragments.</param>
/// <param name="NextTrackId">Greater than every track's.</param>
public readonly record struct Mvhd(uint Timescale, long Duration, uint NextTrackId)
{
    /// <summary>Reads the body.</summary>
    public static Mvhd Read(scoped ref BoxReader box)
    {
        var header = box.ReadFullBoxHeader(highestVersion: 1);
        box.Skip(header.Version == 1 ? 16 : 8); // creation_time, modification_time
        var timescale = box.ReadUInt32();
        var duration = header.Version == 1 ? box.ReadInt64() : box.ReadUInt32();
        box.Skip(4 + 2 + 2 + 8 + 36 + 24); // rate, volume, reserved, reserved, matrix, pre_defined
        if (timescale == 0)
            throw box.Error(MediaFormatError.Invalid, "The movie's timescale is 0.");
        return new Mvhd(timescale, duration, box.ReadUInt32());
    }

    /// <summary>Writes the box: normal rate, full volume, the identity as its matrix.</summary>
    public void Write(BoxWriter writer)
    {
        var box = writer.BeginFull(BoxType.Mvhd, 1, 0);
        writer.WriteZeros(16);
        writer.WriteUInt32(Timescale);
        writer.WriteInt64(Duration);
        writer.WriteUInt32(0x00010000);
        writer.WriteUInt16(0x0100);
        writer.WriteZeros(10);
        Matrix.Identity.Write(writer);
        writer.WriteZeros(24);
        writer.WriteUInt32(NextTrackId);
        writer.End(box);
    }
}
