namespace Movento.RateLimits;

/// <summary>A bucket of <see cref="Requests"/>, full at first, that fills once in <see cref="Period"/>.</summary>
public sealed class RequestRate
{
    /// <summary>What may come at once, and in each period; 0 for any number.</summary>
    public int Requests { get; set; }

    /// <summary>How long an empty bucket takes to be full.</summary>
    public TimeSpan Period { get; set; } = TimeSpan.FromSeconds(10);

    internal bool IsAny => Requests > 0;

    internal IEnumerable<string> Validate(string name)
    {
        if (Requests is < 0 or > MaxRequests) yield return $"{name}:Requests must be 0 to {MaxRequests}, not {Requests}.";
        if (Period < TimeSpan.FromSeconds(1) || Period > TimeSpan.FromDays(1)) yield return $"{name}:Period must be 1 second to 1 day, not {Period}.";
    }

    // More in a second than there are microseconds could not be told apart.
    private const int MaxRequests = 1_000_000;
}
