namespace Movento.Packager.IsoBmff.Boxes;

/// <summary>Sound Media Header Box (smhd), in minf; ISO/IEC 14496-12 §12.2.2.</summary>
public static class Smhd
{
    /// <summary>Writes the box: balance in the middle.</summary>
    public static void Write(BoxWriter writer)
    {
        var box = writer.BeginFull(BoxType.Smhd, 0, 0);
        writer.WriteZeros(4);
        writer.End(box);
    }
}
