namespace Movento.Packager.IsoBmff.Boxes;

/// <summary>Video Media Header Box (vmhd), in minf; ISO/IEC 14496-12 §12.1.2.</summary>
public static class Vmhd
{
    /// <summary>Writes the box: pictures are copied over what is there.</summary>
    public static void Write(BoxWriter writer)
    {
        var box = writer.BeginFull(BoxType.Vmhd, 0, 1);
        writer.WriteZeros(8);
        writer.End(box);
    }
}
