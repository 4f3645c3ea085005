namespace Movento.ControlPlane.Catalogue.Details;

/// <summary>Where and when it is open to viewers.</summary>
/// <param name="Countries">ISO 3166-1 alpha-2, upper case; null for everywhere.</param>
/// <param name="From">From this moment, RFC 3339; null for always.</param>
/// <param name="Until">Before this moment, RFC 3339; null for ever.</param>
internal sealed record AvailabilityWindow(IReadOnlyList<string?>? Countries, string? From, string? Until);
