using Movento.Packager.IsoBmff;
using Movento.Packager.IsoBmff.Boxes;
using Movento.Packager.Protection.Subsamples;

namespace Movento.Packager.Protection;

/// <summary>What a traf says about its samples' encryption: sgpd and sbgp 'seig', saiz, saio and senc (ISO/IEC 23001-7 §6, §7).</summary>
/// <param name="Table">The rows of senc; empty where the track's constant vector serves whole samples, which need none.</param>
/// <param name="HasSubsamples">Whether the rows have pairs of clear and protected bytes.</param>
/// <param name="Group">How the samples are encrypted, where it is not as tenc says: another key.</param>
internal readonly record struct FragmentProtection(SubsampleTable Table, bool HasSubsamples, Tenc? Group)
{
    private const uint HasPairs = 0x000002;

    // Descriptions of the fragment itself count from 0x10001 (ISO/IEC 14496-12 §8.9.4).
    private const uint FirstOwnDescription = 0x10001;

    /// <summary>Writes the boxes.</summary>
    /// <param name="writer">Takes them.</param>
    /// <param name="moof">Where the moof begins in the writer.</param>
    /// <param name="samples">Samples of the traf.</param>
    public void Write(BoxWriter writer, int moof, int samples)
    {
        if (Group is { } group)
            WriteGroup(writer, group, samples);
        if (Table.Rows.IsEmpty)
            return;

        var saiz = writer.BeginFull(BoxType.Saiz, 0, 0);
        var sizes = Table.Sizes;
        var isSame = !sizes.ContainsAnyExcept(sizes[0]);
        writer.WriteUInt8(isSame ? sizes[0] : (byte)0);
        writer.WriteUInt32((uint)samples);
        if (!isSame)
            writer.WriteBytes(sizes);
        writer.End(saiz);

        var saio = writer.BeginFull(BoxType.Saio, 0, 0);
        writer.WriteUInt32(1);
        var offset = writer.Length;
        writer.WriteUInt32(0);
        writer.End(saio);

        var senc = writer.BeginFull(BoxType.Senc, 0, HasSubsamples ? HasPairs : 0);
        writer.WriteUInt32((uint)samples);
        writer.PatchUInt32(offset, (uint)(writer.Length - moof)); // the base is the moof
        writer.WriteBytes(Table.Rows);
        writer.End(senc);
    }

    private static void WriteGroup(BoxWriter writer, Tenc group, int samples)
    {
        var seig = FourCC.Of("seig"u8).Value;
        var sgpd = writer.BeginFull(BoxType.Sgpd, 1, 0);
        writer.WriteUInt32(seig);
        writer.WriteUInt32((uint)group.FieldsSize);
        writer.WriteUInt32(1);
        group.WriteFields(writer);
        writer.End(sgpd);
        var sbgp = writer.BeginFull(BoxType.Sbgp, 0, 0);
        writer.WriteUInt32(seig);
        writer.WriteUInt32(1);
        writer.WriteUInt32((uint)samples);
        writer.WriteUInt32(FirstOwnDescription);
        writer.End(sbgp);
    }
}
