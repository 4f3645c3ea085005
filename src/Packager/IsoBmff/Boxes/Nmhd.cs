namespace Movento.Packager.IsoBmff.Boxes;

/// <summary>Null Media Header Box (nmhd), in minf; ISO/IEC 14496-12 §8.4.5.2. Of WebVTT (ISO/IEC 14496-30 §7.2).</summary>
public static class Nmhd
{
    /// <summary>Writes the box, which is empty.</summary>
    public static void Write(BoxWriter writer) => writer.End(writer.BeginFull(BoxType.Nmhd, 0, 0));
}
