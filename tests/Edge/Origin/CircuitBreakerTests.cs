using Movento.Edge.Origin;
using Movento.Edge.Tests.Host;

namespace Movento.Edge.Tests.Origin;

public class CircuitBreakerTests
{
    private readonly MovableClock _clock = new();
    private readonly CircuitBreaker _circuit;

    public CircuitBreakerTests() => _circuit = new CircuitBreaker(_clock, 3, TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(4));

    [Fact]
    public void Failures_WithASuccessInBetween_DoNotOpenIt()
    {
        for (var round = 0; round < 10; round++)
        {
            Assert.False(_circuit.Failed());
            Assert.False(_circuit.Failed());
            _circuit.Succeeded();
            Assert.True(_circuit.TryEnter());
        }
    }

    [Fact]
    public void Failures_InARow_OpenItForThePause()
    {
        Open();
        Assert.Equal(CircuitState.Open, _circuit.State);
        Assert.False(_circuit.TryEnter());
        _clock.Advance(TimeSpan.FromSeconds(50));
        Assert.False(_circuit.TryEnter());
    }

    [Fact]
    public void Probe_AfterThePause_IsOneAtATime()
    {
        Open();
        _clock.Advance(TimeSpan.FromSeconds(61));
        Assert.True(_circuit.TryEnter());
        Assert.Equal(CircuitState.HalfOpen, _circuit.State);
        Assert.False(_circuit.TryEnter());
    }

    [Fact]
    public void Probe_ThatSucceeds_ClosesIt()
    {
        Open();
        _clock.Advance(TimeSpan.FromSeconds(61));
        Assert.True(_circuit.TryEnter());
        _circuit.Succeeded();
        Assert.Equal(CircuitState.Closed, _circuit.State);
        Assert.True(_circuit.TryEnter());
        Assert.True(_circuit.TryEnter());
        Assert.False(_circuit.Failed());
    }

    [Fact]
    public void Probe_ThatFails_MakesThePauseTwiceAsLongUpToTheLongest()
    {
        Open();
        foreach (var minutes in (int[])[1, 2, 4, 4])
        {
            _clock.Advance(TimeSpan.FromSeconds(60 * minutes - 20));
            Assert.False(_circuit.TryEnter());
            _clock.Advance(TimeSpan.FromSeconds(21));
            Assert.True(_circuit.TryEnter());
            Assert.True(_circuit.Failed());
            Assert.False(_circuit.TryEnter());
        }
    }

    [Fact]
    public void Failure_OfWhatBeganBefore_DoesNotProlongThePause()
    {
        Open();
        _clock.Advance(TimeSpan.FromSeconds(50));
        Assert.False(_circuit.Failed());
        _clock.Advance(TimeSpan.FromSeconds(11));
        Assert.True(_circuit.TryEnter());
    }

    private void Open()
    {
        Assert.False(_circuit.Failed());
        Assert.False(_circuit.Failed());
        Assert.True(_circuit.Failed());
    }
}
