using System.Net;

namespace Movento.Edge.Observation.Requests;

/// <summary>One request as it waits for its line. Its strings are the server's own, so that keeping them costs nothing; the token is taken out when the line is written.</summary>
internal readonly record struct AccessRecord
{
    /// <summary>When the answer was over, in ticks of UTC.</summary>
    public long EndedAt { get; init; }

    /// <summary>From the request's head to the end of the answer.</summary>
    public TimeSpan Took { get; init; }

    /// <summary>Until the first byte was there.</summary>
    public TimeSpan Waited { get; init; }

    public long BodyBytes { get; init; }

    public EdgeOutcome Outcome { get; init; }

    public int Status { get; init; }

    public CacheTier Tier { get; init; }

    public IPAddress? Client { get; init; }

    public string Method { get; init; }

    public string Protocol { get; init; }

    /// <summary>The request target as it came, token and all.</summary>
    public string Target { get; init; }

    public string? Range { get; init; }

    public string? UserAgent { get; init; }
}
