namespace Movento.Packager.IsoBmff.Boxes;

/// <summary>Track Fragment Base Media Decode Time Box (tfdt), in traf; ISO/IEC 14496-12 §8.8.12.</summary>
/// <param name="BaseMediaDecodeTime">The decode time of the fragment's first sample, in the media's ticks.</param>
public readonly record struct Tfdt(long BaseMediaDecodeTime)
{
    /// <summary>Reads the body.</summary>
    public static Tfdt Read(scoped ref BoxReader box) =>
        new(box.ReadFullBoxHeader(highestVersion: 1).Version == 1 ? box.ReadTime64() : box.ReadUInt32());

    /// <summary>Writes the box, with 64 bits.</summary>
    public void Write(BoxWriter writer)
    {
        var box = writer.BeginFull(BoxType.Tfdt, 1, 0);
        writer.WriteInt64(BaseMediaDecodeTime);
        writer.End(box);
    }
}
