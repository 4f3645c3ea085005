namespace Movento.Storage.Tests;

/// <summary>A clock that stands still until it is stepped.</summary>
public sealed class SteppedTime : TimeProvider
{
    private TimeSpan _now = TimeSpan.FromHours(1);

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => _now.Ticks;

    public void Step(TimeSpan step) => _now += step;
}
