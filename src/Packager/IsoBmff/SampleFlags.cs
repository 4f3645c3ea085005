namespace Movento.Packager.IsoBmff;

/// <summary>The flags of a sample in a fragment (ISO/IEC 14496-12 §8.8.3.1).</summary>
public static class SampleFlags
{
    /// <summary>sample_is_non_sync_sample.</summary>
    public const uint IsNonSync = 0x00010000;

    /// <summary>sample_depends_on = 2: on no other; a sync sample.</summary>
    public const uint Sync = 2u << 24;

    /// <summary>sample_depends_on = 1: on others; not a sync sample.</summary>
    public const uint NonSync = 1u << 24 | IsNonSync;
}
