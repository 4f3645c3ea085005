using Movento.Edge.Admission;
using Movento.Harness;

namespace Movento.Edge.Tests.Admission;

public class LimitTableTests
{
    // Ticks of a millisecond.
    private const long Frequency = 1000;

    [Fact]
    public void Enter_RequestsAtARate_FillsABucketAndThenTheRate()
    {
        var table = new LimitTable(new Limit(Requests: 10, Bytes: 0, Concurrency: 0), TimeSpan.FromSeconds(2), 1024, Frequency);
        var now = 5_000_000L;

        // A full bucket holds two seconds' worth, and the one that empties it.
        for (var request = 0; request < 21; request++) AssertWithin(table, 1, now);
        Assert.Equal(LimitVerdict.TooManyRequests, table.Enter(1, now, out var slot, out var wait));
        Assert.Equal((-1, 100), (slot, wait));

        // Another one has a bucket of its own.
        AssertWithin(table, 2, now);

        // One more every tenth of a second from now on, whatever is refused meanwhile.
        for (var request = 0; request < 50; request++)
        {
            Assert.Equal(LimitVerdict.TooManyRequests, table.Enter(1, now + 99, out _, out _));
            now += 100;
            AssertWithin(table, 1, now);
        }

        // Full again, and no fuller, after a long time.
        now += 3_600_000;
        for (var request = 0; request < 21; request++) AssertWithin(table, 1, now);
        Assert.Equal(LimitVerdict.TooManyRequests, table.Enter(1, now, out _, out _));
    }

    [Fact]
    public void Leave_WithBytes_CountsThemAfterwards()
    {
        var table = new LimitTable(new Limit(Requests: 0, Bytes: 1000, Concurrency: 0), TimeSpan.FromSeconds(1), 1024, Frequency);
        Assert.Equal(LimitVerdict.Within, table.Enter(1, 0, out var slot, out _));
        table.Leave(slot, 11_000, 0);
        Assert.Equal(LimitVerdict.TooManyBytes, table.Enter(1, 0, out _, out var wait));
        Assert.Equal(10_000, wait);
        Assert.Equal(LimitVerdict.TooManyBytes, table.Enter(1, 9_999, out _, out _));
        AssertWithin(table, 1, 10_000);
    }

    [Fact]
    public void Enter_MoreAtOnceThanAllowed_UntilOneLeaves()
    {
        var table = new LimitTable(new Limit(Requests: 0, Bytes: 0, Concurrency: 2), TimeSpan.FromSeconds(1), 1024, Frequency);
        Assert.Equal(LimitVerdict.Within, table.Enter(1, 0, out var first, out _));
        Assert.Equal(LimitVerdict.Within, table.Enter(1, 0, out _, out _));
        Assert.Equal(LimitVerdict.TooManyAtOnce, table.Enter(1, 0, out _, out _));
        table.Leave(first, 0, 0);
        Assert.Equal(LimitVerdict.Within, table.Enter(1, 0, out _, out _));
        Assert.Equal(LimitVerdict.TooManyAtOnce, table.Enter(1, 0, out _, out _));
    }

    [Fact]
    public void Enter_ManyMoreThanThereIsRoomFor_CountsThoseThatCanBeAndKeepsWhoIsAtWork()
    {
        var table = new LimitTable(new Limit(Requests: 1, Bytes: 0, Concurrency: 1), TimeSpan.FromSeconds(1), 64, Frequency);
        Assert.Equal(LimitVerdict.Within, table.Enter(1, 0, out var slot, out _));
        for (UInt128 other = 2; other < 10_000; other++)
        {
            Assert.Equal(LimitVerdict.Within, table.Enter(other, 0, out var others, out _));
            table.Leave(others, 0, 0);
        }

        // Still at work, so still counted.
        Assert.Equal(LimitVerdict.TooManyAtOnce, table.Enter(1, 0, out _, out _));
        table.Leave(slot, 0, 0);

        // With everybody at work in every set, the next ones are let by uncounted.
        for (UInt128 other = 20_000; other < 21_000; other++) Assert.Equal(LimitVerdict.Within, table.Enter(other, 10_000, out _, out _));
        Assert.Equal(LimitVerdict.Within, table.Enter(30_000, 10_000, out slot, out _));
        Assert.Equal(-1, slot);
        table.Leave(slot, 1000, 10_000);
    }

    [Fact]
    public void EnterAndLeave_AllocateNothing()
    {
        var table = new LimitTable(new Limit(1000, 1 << 20, 100), TimeSpan.FromSeconds(10), 1024, Frequency);
        var calls = 0;
        Assert.Equal(0, Allocations.Of(() => EnterAndLeave(calls++), calls: 10_000));

        void EnterAndLeave(int round)
        {
            table.Enter((UInt128)(round % 3000) + 1, round * 10, out var slot, out _);
            table.Leave(slot, 1000, round * 10);
        }
    }

    [Fact]
    public async Task EnterAndLeave_FromManyThreads_LosesNothing()
    {
        var table = new LimitTable(new Limit(0, 0, Concurrency: 4), TimeSpan.FromSeconds(1), 64, Frequency);
        await Task.WhenAll(Enumerable.Range(0, 4).Select(thread => Task.Run(() =>
        {
            for (var round = 0; round < 10_000; round++)
            {
                Assert.Equal(LimitVerdict.Within, table.Enter(7, 0, out var slot, out _));
                table.Leave(slot, 0, 0);
            }
        })));
        for (var request = 0; request < 4; request++) Assert.Equal(LimitVerdict.Within, table.Enter(7, 0, out _, out _));
        Assert.Equal(LimitVerdict.TooManyAtOnce, table.Enter(7, 0, out _, out _));
    }

    private static void AssertWithin(LimitTable table, UInt128 key, long now)
    {
        Assert.Equal(LimitVerdict.Within, table.Enter(key, now, out var slot, out _));
        table.Leave(slot, 0, now);
    }
}
