using System.Runtime.InteropServices;

namespace Movento.Packager.Tracks;

/// <summary>One sample of a source track: where it lies and when it is due. A struct of 20 bytes, kept in one array for the whole track.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 4)]
public struct Sample
{
    // Of 64 bits the highest says IsSync: a field of its own would cost four bytes in every row.
    private const ulong SyncBit = 1UL << 63;
    private ulong _offsetAndSync;

    /// <summary>Of its first byte in the source.</summary>
    public long Offset
    {
        readonly get => (long)(_offsetAndSync & ~SyncBit);
        set => _offsetAndSync = _offsetAndSync & SyncBit | (ulong)value & ~SyncBit;
    }

    /// <summary>In bytes.</summary>
    public uint Size { get; set; }

    /// <summary>Until the decode time of the next sample, in the track's ticks.</summary>
    public uint Duration { get; set; }

    /// <summary>Composition time minus decode time, in the track's ticks.</summary>
    public int CompositionOffset { get; set; }

    /// <summary>Whether decoding can begin here, and nothing after it is shown before it.</summary>
    public bool IsSync
    {
        readonly get => (_offsetAndSync & SyncBit) != 0;
        set => _offsetAndSync = value ? _offsetAndSync | SyncBit : _offsetAndSync & ~SyncBit;
    }
}
