namespace Movento.Packager.IsoBmff.Boxes;

/// <summary>Handler Reference Box (hdlr), in mdia; ISO/IEC 14496-12 §8.4.3.</summary>
/// <param name="Type">What kind of media: <c>vide</c>, <c>soun</c> …</param>
public readonly record struct Hdlr(FourCC Type)
{
    /// <summary>Pictures (§12.1.2).</summary>
    public static readonly FourCC Video = FourCC.Of("vide"u8);

    /// <summary>Sound (§12.2.2).</summary>
    public static readonly FourCC Audio = FourCC.Of("soun"u8);

    /// <summary>Timed text (§12.5.2); WebVTT (ISO/IEC 14496-30 §7.2).</summary>
    public static readonly FourCC Text = FourCC.Of("text"u8);

    /// <summary>Reads the body.</summary>
    public static Hdlr Read(scoped ref BoxReader box)
    {
        box.ReadFullBoxHeader(highestVersion: 0);
        box.Skip(4); // pre_defined
        return new Hdlr(new FourCC(box.ReadUInt32()));
    }

    /// <summary>Writes the box, its name empty.</summary>
    public void Write(BoxWriter writer)
    {
        var box = writer.BeginFull(BoxType.Hdlr, 0, 0);
        writer.WriteZeros(4);
        writer.WriteUInt32(Type.Value);
        writer.WriteZeros(12 + 1);
        writer.End(box);
    }
}
