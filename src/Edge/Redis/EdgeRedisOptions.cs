using StackExchange.Redis;

namespace Movento.Edge.Redis;

/// <summary>The Redis that edges share, if there is one. Losing it loses nothing, and nobody waits for it long.</summary>
public sealed class EdgeRedisOptions
{
    /// <summary>How to reach it, as StackExchange.Redis writes it (<c>redis:6379,password=…,ssl=true</c>); null for none.</summary>
    public string? Configuration { get; set; }

    /// <summary>Whether it also is a cache of media between memory and the object store: worth it where the store is far away, not where it is this machine's disk.</summary>
    public bool CacheMedia { get; set; } = true;

    /// <summary>How long an answer may take; past it, the object store is asked instead. On its own network Redis answers within a few milliseconds.</summary>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromMilliseconds(50);

    /// <summary>How long Redis keeps what was put there. What is deleted from the object store can be served as long.</summary>
    public TimeSpan Lifetime { get; set; } = TimeSpan.FromHours(1);

    internal bool IsOn => !string.IsNullOrWhiteSpace(Configuration);

    internal IEnumerable<string> Validate()
    {
        if (IsOn && Fault() is { } fault)
            yield return $"Edge: Redis:Configuration cannot be read: {fault}";
        if (Timeout <= TimeSpan.Zero || Timeout > TimeSpan.FromSeconds(5))
            yield return $"Edge: Redis:Timeout is {Timeout}, but must be above zero and at most 5 seconds.";
        if (Lifetime < TimeSpan.FromSeconds(1) || Lifetime > TimeSpan.FromDays(30))
            yield return $"Edge: Redis:Lifetime is {Lifetime}, but must be a second to 30 days.";
    }

    internal ConfigurationOptions Read()
    {
        var options = ConfigurationOptions.Parse(Configuration!);
        options.AbortOnConnectFail = false;
        options.ClientName ??= "movento-edge";
        return options;
    }

    // Not the text: it may hold the password.
    private string? Fault()
    {
        try
        {
            return Read().EndPoints.Count == 0 ? "it names no server." : null;
        }
        catch (Exception exception) when (exception is ArgumentException or FormatException or OverflowException)
        {
            return exception.Message;
        }
    }
}
