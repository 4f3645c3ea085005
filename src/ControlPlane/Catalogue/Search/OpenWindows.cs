using System.Text.Json;
using Movento.ControlPlane.Catalogue.Details;

namespace Movento.ControlPlane.Catalogue.Search;

/// <summary>
/// Whether windows are open in a country at a moment: the rule of the database's function <c>is_open</c>, for hundreds of films at once. There it takes a
/// fiftieth of a millisecond each; films of one contract have the same windows, so each is read once.
/// </summary>
/// <param name="country">ISO 3166-1 alpha-2; null where nobody knows it: then only what is open to all is.</param>
/// <param name="now">In UTC.</param>
internal sealed class OpenWindows(string? country, DateTime now)
{
    private readonly Dictionary<string, bool> _known = new(StringComparer.Ordinal);

    /// <param name="windows">As the tables hold them; null for everywhere and always.</param>
    public bool Include(string? windows)
    {
        if (windows is null) return true;
        if (!_known.TryGetValue(windows, out var isOpen))
        {
            _known[windows] = isOpen = JsonSerializer.Deserialize(windows, ControlPlaneJson.Default.IReadOnlyListAvailabilityWindow)!.Any(window => window is not null && IsOpen(window));
        }

        return isOpen;
    }

    private bool IsOpen(AvailabilityWindow window) =>
        (window.Countries is null || (country is not null && window.Countries.Contains(country)))
        && (window.From is null || (Moment.TryParse(window.From, out var from) && from <= now))
        && (window.Until is null || (Moment.TryParse(window.Until, out var until) && now < until));
}
