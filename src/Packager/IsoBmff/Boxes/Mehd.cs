namespace Movento.Packager.IsoBmff.Boxes;

/// <summary>Movie Extends Header Box (mehd), in mvex; ISO/IEC 14496-12 §8.8.2.</summary>
/// <param name="FragmentDuration">Of the longest track with its fragments, in the movie's ticks.</param>
public readonly record struct Mehd(long FragmentDuration)
{
    /// <summary>Reads the body.</summary>
    public static Mehd Read(scoped ref BoxReader box) =>
        new(box.ReadFullBoxHeader(highestVersion: 1).Version == 1 ? box.ReadTime64() : box.ReadUInt32());

    /// <summary>Writes the box.</summary>
    public void Write(BoxWriter writer)
    {
        var box = writer.BeginFull(BoxType.Mehd, 1, 0);
        writer.WriteInt64(FragmentDuration);
        writer.End(box);
    }
}
