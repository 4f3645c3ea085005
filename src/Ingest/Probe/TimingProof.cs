namespace Movento.Ingest.Probe;

/// <summary>Whether a track's times can be those of a whole film.</summary>
internal static class TimingProof
{
    // In a damaged file: a hole as long as a viewer notices, and longer than the film's own pictures ever stand.
    private const double HoleSeconds = 1;
    private const double HoleInAverages = 4;

    // A broadcast recording has a disturbance now and then; a film with more of them than this share of its packets is not whole.
    private const double MostTears = 0.01;

    /// <exception cref="RejectedException">They cannot.</exception>
    public static void Demand(PacketTable table, DamageReport damage, IngestOptions options)
    {
        if (table.Times.Length == 0 || table.TimeBase.Value <= 0) return;
        var length = ((double)table.End - table.Times[0]) * table.TimeBase.Value;
        var gap = table.LargestGap * table.TimeBase.Value;
        if (damage.Tears > 0)
        {
            if (gap > Math.Max(HoleSeconds, HoleInAverages * length / table.Count))
                throw new RejectedException(RejectionReason.Damaged, $"{gap:0.0} s are missing in one place: {damage.FirstTear}");
            if (damage.Tears > Math.Max(1, table.Count * MostTears))
                throw new RejectedException(RejectionReason.Damaged, $"Disturbed in {damage.Tears} places: {damage.FirstTear}");
        }
        if (gap > options.MaxFrameGap.TotalSeconds)
            throw new RejectedException(RejectionReason.ImplausibleTiming, $"One picture stands for {gap:0} s.");
        if (length > options.MaxDuration.TotalSeconds) throw new RejectedException(RejectionReason.TooLong, $"{length:0} s.");
    }
}
