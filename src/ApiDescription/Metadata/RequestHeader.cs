namespace Movento.ApiDescription.Metadata;

/// <summary>A header of the request that an endpoint reads.</summary>
/// <param name="Name">As HTTP knows it.</param>
/// <param name="Description">What it says.</param>
/// <param name="IsRequired">Whether the endpoint refuses a request without it.</param>
public sealed record RequestHeader(string Name, string Description, bool IsRequired = false)
{
    /// <summary>A regular expression of ECMA-262 that every value matches; null for any text.</summary>
    public string? Pattern { get; init; }
}
