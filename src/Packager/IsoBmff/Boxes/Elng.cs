using System.Text;

namespace Movento.Packager.IsoBmff.Boxes;

/// <summary>Extended Language Tag (elng), in mdia; ISO/IEC 14496-12 §8.4.6.</summary>
public static class Elng
{
    /// <summary>Writes the box.</summary>
    /// <param name="writer">Takes it.</param>
    /// <param name="language">A BCP 47 tag.</param>
    public static void Write(BoxWriter writer, string language)
    {
        var box = writer.BeginFull(BoxType.Elng, 0, 0);
        Encoding.UTF8.GetBytes(language, writer.Take(Encoding.UTF8.GetByteCount(language)));
        writer.WriteUInt8(0);
        writer.End(box);
    }

    /// <summary>Reads the body.</summary>
    public static string Read(scoped ref BoxReader box)
    {
        box.ReadFullBoxHeader(highestVersion: 0);
        return Encoding.UTF8.GetString(box.ReadRest().TrimEnd((byte)0));
    }
}
