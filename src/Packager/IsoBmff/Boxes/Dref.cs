namespace Movento.Packager.IsoBmff.Boxes;

/// <summary>Data Reference Box (dref), in dinf; ISO/IEC 14496-12 §8.7.2.</summary>
public static class Dref
{
    // §8.7.2.3: the media is in the same file.
    private const uint SelfContained = 1;

    /// <summary>Reads the body.</summary>
    /// <returns>Whether every reference is to the file itself.</returns>
    public static bool ReadIsSelfContained(scoped ref BoxReader box)
    {
        box.ReadFullBoxHeader(highestVersion: 0);
        box.Skip(4); // entry_count
        var index = 0;
        while (box.TryReadBox(out var entry, index++))
        {
            if ((entry.ReadFullBoxHeader(highestVersion: 255).Flags & SelfContained) == 0)
                return false;
        }

        return true;
    }

    /// <summary>Writes the box: one reference, to the file itself.</summary>
    public static void Write(BoxWriter writer)
    {
        var box = writer.BeginFull(BoxType.Dref, 0, 0);
        writer.WriteUInt32(1);
        writer.End(writer.BeginFull(BoxType.Url, 0, SelfContained));
        writer.End(box);
    }
}
