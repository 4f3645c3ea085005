namespace Movento.Packager.IsoBmff.Boxes;

/// <summary>Movie Fragment Header Box (mfhd), in moof; ISO/IEC 14496-12 §8.8.5.</summary>
/// <param name="SequenceNumber">From 1, ascending.</param>
public readonly record struct Mfhd(uint SequenceNumber)
{
    /// <summary>Reads the body.</summary>
    public static Mfhd Read(scoped ref BoxReader box)
    {
        box.ReadFullBoxHeader(highestVersion: 0);
        return new Mfhd(box.ReadUInt32());
    }

    /// <summary>Writes the box.</summary>
    public void Write(BoxWriter writer)
    {
        var box = writer.BeginFull(BoxType.Mfhd, 0, 0);
        writer.WriteUInt32(SequenceNumber);
        writer.End(box);
    }
}
