namespace Movento.Contracts.Tests;

public sealed class EndedSignInsTests
{
    [Fact]
    public void Add_LaterThanOthersExpired_ForgetsThose()
    {
        var clock = new Clock();
        var ended = new EndedSignIns(clock);
        var (early, late) = (Guid.NewGuid(), Guid.NewGuid());
        ended.Add([early], clock.Now.AddMinutes(15));
        Assert.True(ended.Contains(early));
        Assert.False(ended.Contains(late));
        clock.Now += TimeSpan.FromMinutes(15);
        ended.Add([late], clock.Now.AddMinutes(15));
        Assert.False(ended.Contains(early));
        Assert.True(ended.Contains(late));
        Assert.Equal(1, ended.Count);
    }

    private sealed class Clock : TimeProvider
    {
        public DateTimeOffset Now { get; set; } = DateTimeOffset.UnixEpoch.AddYears(50);

        public override DateTimeOffset GetUtcNow() => Now;
    }
}
