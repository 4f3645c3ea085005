using Movento.Contracts;

namespace Movento.Edge.Admission;

/// <summary>Who asks, how and where: what a token may be bound to besides the path.</summary>
internal readonly ref struct Visitor
{
    /// <summary>As <see cref="NetworkPrefix.ToNumber"/> has it; 0 for unknown.</summary>
    public UInt128 Address { get; init; }

    /// <summary>Null where no proxy says it.</summary>
    public CountryCode? Country { get; init; }

    public ReadOnlySpan<char> Method { get; init; }

    /// <summary><c>http</c> or <c>https</c>, as the connection to this edge is.</summary>
    public ReadOnlySpan<char> Scheme { get; init; }

    /// <summary>The host and perhaps the port, as the request has it.</summary>
    public ReadOnlySpan<char> Host { get; init; }

    /// <summary>A Common Access Token outside of the path; empty for none.</summary>
    public ReadOnlySpan<char> Token { get; init; }
}
