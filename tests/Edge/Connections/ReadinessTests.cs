using Movento.Edge.Connections;

namespace Movento.Edge.Tests.Connections;

public class ReadinessTests
{
    [Fact]
    public void Event_BetweenTheTryAndTheWait_IsNotLost()
    {
        var readiness = new Readiness();
        readiness.Clear();
        Assert.False(readiness.Signal());
        Assert.False(readiness.TryWait());
        Assert.True(readiness.IsReady);
    }

    [Fact]
    public void Wait_ThatBegan_IsEndedByOneEventAlone()
    {
        var readiness = new Readiness();
        Assert.True(readiness.TryWait());
        Assert.True(readiness.Signal());
        Assert.False(readiness.Signal());
    }

    [Fact]
    public void Wait_WhileTwoThreadsSignal_GoesOnOnce()
    {
        for (var round = 0; round < 2000; round++)
        {
            var readiness = new Readiness();
            Assert.True(readiness.TryWait());
            var woken = 0;
            Parallel.Invoke(Wake, Wake, Wake);
            Assert.Equal(1, woken);

            void Wake()
            {
                if (readiness.Signal()) Interlocked.Increment(ref woken);
            }
        }
    }
}
