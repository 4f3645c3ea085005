namespace Movento.Packager.IsoBmff.Boxes;

/// <summary>Track Extends Box (trex), in mvex; ISO/IEC 14496-12 §8.8.3.</summary>
/// <param name="TrackId">Whose defaults these are.</param>
/// <param name="SampleDescriptionIndex">Which entry of stsd, from 1.</param>
/// <param name="SampleDuration">In the media's ticks.</param>
/// <param name="SampleSize">In bytes.</param>
/// <param name="SampleFlags">See <see cref="IsoBmff.SampleFlags"/>.</param>
public readonly record struct Trex(uint TrackId, uint SampleDescriptionIndex, uint SampleDuration, uint SampleSize, uint SampleFlags)
{
    /// <summary>Reads the body.</summary>
    public static Trex Read(scoped ref BoxReader box)
    {
        box.ReadFullBoxHeader(highestVersion: 0);
        return new Trex(box.ReadUInt32(), box.ReadUInt32(), box.ReadUInt32(), box.ReadUInt32(), box.ReadUInt32());
    }

    /// <summary>Writes the box.</summary>
    public void Write(BoxWriter writer)
    {
        var box = writer.BeginFull(BoxType.Trex, 0, 0);
        writer.WriteUInt32(TrackId);
        writer.WriteUInt32(SampleDescriptionIndex);
        writer.WriteUInt32(SampleDuration);
        writer.WriteUInt32(SampleSize);
        writer.WriteUInt32(SampleFlags);
        writer.End(box);
    }
}
