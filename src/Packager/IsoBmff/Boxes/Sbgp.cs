namespace Movento.Packager.IsoBmff.Boxes;

/// <summary>Sample To Group Box (sbgp), in traf; ISO/IEC 14496-12 §8.9.2. Only with all samples in the one group of <see cref="Sgpd"/>.</summary>
/// <param name="SampleCount">Samples of the fragment.</param>
public readonly record struct Sbgp(uint SampleCount)
{
    /// <summary>Writes the box.</summary>
    public void Write(BoxWriter writer)
    {
        var box = writer.BeginFull(BoxType.Sbgp, 0, 0);
        writer.WriteUInt32(Sgpd.Roll.Value);
        writer.WriteUInt32(1);
        writer.WriteUInt32(SampleCount);
        writer.WriteUInt32(1); // group_description_index: the first of the moov's
        writer.End(box);
    }
}
