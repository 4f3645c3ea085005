namespace Movento.ApiDescription.Metadata;

/// <summary>One way in which an endpoint refuses: problem details (RFC 9457) with this status and this code.</summary>
/// <param name="Status">The HTTP status.</param>
/// <param name="Code">Stable and machine-readable.</param>
/// <param name="Title">One sentence for a person.</param>
public sealed record Refusal(int Status, string Code, string Title);
