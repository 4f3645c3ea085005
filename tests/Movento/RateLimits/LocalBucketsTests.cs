using Movento.Contracts;
using Movento.Harness;
using Movento.RateLimits;

namespace Movento.Tests.RateLimits;

public sealed class LocalBucketsTests
{
    private static readonly RequestRate Rate = new() { Requests = 10, Period = TimeSpan.FromSeconds(10) };

    private readonly ManualTime _time = new();

    [Fact]
    public void Bucket_HoldsAPeriodsRequests_AndFillsOneByOne()
    {
        var buckets = new LocalBuckets(8, _time);

        Assert.Equal(10, Take(buckets, 1, 25));
        Assert.False(buckets.TryTake(Of(1), Rate, out var wait));
        Assert.Equal(TimeSpan.FromSeconds(1), wait);
        _time.Advance(TimeSpan.FromSeconds(3));
        Assert.Equal(3, Take(buckets, 1, 25));
        _time.Advance(TimeSpan.FromHours(1));
        Assert.Equal(10, Take(buckets, 1, 25));
    }

    [Fact]
    public void Table_OfMoreThanItHolds_ForgetsWhoHasTakenLeast()
    {
        var buckets = new LocalBuckets(8, _time);
        Assert.Equal(10, Take(buckets, 1, 25));

        for (var other = 2; other < 10_000; other++) Assert.Equal(1, Take(buckets, other, 1));

        Assert.Equal(0, Take(buckets, 1, 1));
    }

    [Fact]
    public void Taking_OfKnownAndUnknown_AllocatesNothing()
    {
        var buckets = new LocalBuckets(1024, _time);
        Take(buckets, 1, 1);

        var id = 0;
        Assert.Equal(0, Allocations.Of(() => buckets.TryTake(Of(id++), Rate, out _)));
    }

    private static Partition Of(int id) => new(RequestKind.General, PartitionOf.Account, (UInt128)id);

    private static int Take(LocalBuckets buckets, int id, int times) => Enumerable.Range(0, times).Count(_ => buckets.TryTake(Of(id), Rate, out var _));

    private sealed class ManualTime : TimeProvider
    {
        private long _ticks = TimeSpan.TicksPerDay;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => _ticks;

        public void Advance(TimeSpan by) => _ticks += by.Ticks;
    }
}
