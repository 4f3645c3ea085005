using Movento.Ingest.Probe;

namespace Movento.Ingest.Tests.Probe;

public sealed class TimingProofTests
{
    private const string Tear = "[mpegts @ 0x1] Packet corrupt (stream = 1, dts = 536700).";

    [Fact]
    public void Hole_InADamagedFile_IsDamage()
    {
        Assert.Equal(RejectionReason.Damaged, Verdict(Film(100, hole: 2_000), Tear));
        Assert.Null(Verdict(Film(100, hole: 2_000)));
    }

    [Fact]
    public void Disturbance_WithoutAHole_IsNoVerdictUntilThereAreMany()
    {
        Assert.Null(Verdict(Film(1000), [.. Enumerable.Repeat(Tear, 10)]));
        Assert.Equal(RejectionReason.Damaged, Verdict(Film(1000), [.. Enumerable.Repeat(Tear, 11)]));
    }

    [Fact]
    public void Picture_StandingForHours_IsImplausible() =>
        Assert.Equal(RejectionReason.ImplausibleTiming, Verdict([0, 40, 7_200_000]));

    [Fact]
    public void Film_LongerThanItsHeaderSays_IsTooLong() =>
        Assert.Equal(RejectionReason.TooLong, Verdict([.. Enumerable.Range(0, 1000).Select(second => second * 60_000L)]));

    private static long[] Film(int frames, long hole = 0) =>
        [.. Enumerable.Range(0, frames).Select(frame => frame * 40L + (frame >= frames / 2 ? hole : 0))];

    private static RejectionReason? Verdict(long[] times, params string[] lines)
    {
        var tally = new PacketTally(stream: 0);
        foreach (var time in times) tally.Take($"0,{time},40,K_");
        tally.Take("0,1/1000");
        var damage = new DamageReport();
        foreach (var line in lines) damage.Take(line);
        try
        {
            TimingProof.Demand(tally.ToTable(), damage, new IngestOptions());
            return null;
        }
        catch (RejectedException rejected)
        {
            return rejected.Reason;
        }
    }
}
