namespace Movento.Packager.Tracks;

/// <summary>One sample of a source track: where it lies and when it is due. A struct of 24 bytes, kept in one array for the whole track.</summary>
public struct Sample
{
    /// <summary>Of its first byte in the source.</summary>
    public long Offset { get; set; }

    /// <summary>In bytes.</summary>
    public uint Size { get; set; }

    /// <summary>Until the decode time of the next sample, in the track's ticks.</summary>
    public uint Duration { get; set; }

    /// <summary>Composition time minus decode time, in the track's ticks.</summary>
    public int CompositionOffset { get; set; }

    /// <summary>Whether decoding can begin here, and nothing after it is shown before it.</summary>
    public bool IsSync { get; set; }
}
