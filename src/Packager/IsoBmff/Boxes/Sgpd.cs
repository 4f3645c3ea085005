namespace Movento.Packager.IsoBmff.Boxes;

/// <summary>Sample Group Description Box (sgpd), in stbl; ISO/IEC 14496-12 §8.9.3. Only with the one entry of audio pre-roll, §10.1.</summary>
/// <param name="RollDistance">Samples to be decoded before one can be heard right; negative.</param>
public readonly record struct Sgpd(short RollDistance)
{
    /// <summary>AudioRollRecoveryEntry.</summary>
    internal static readonly FourCC Roll = FourCC.Of("roll"u8);

    /// <summary>Writes the box, as version 1.</summary>
    public void Write(BoxWriter writer)
    {
        var box = writer.BeginFull(BoxType.Sgpd, 1, 0);
        writer.WriteUInt32(Roll.Value);
        writer.WriteUInt32(sizeof(short)); // default_length
        writer.WriteUInt32(1);
        writer.WriteUInt16((ushort)RollDistance);
        writer.End(box);
    }
}
