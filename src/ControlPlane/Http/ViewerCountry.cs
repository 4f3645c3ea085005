using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Movento.Contracts;

namespace Movento.ControlPlane.Http;

/// <summary>Where a viewer is, as far as the operator trusts a header (<see cref="ControlPlaneOptions.CountryHeader"/>).</summary>
internal static class ViewerCountry
{
    /// <summary>Two letters, upper case; null where nobody says it.</summary>
    public static string? Of(HttpContext context) =>
        context.RequestServices.GetRequiredService<ControlPlaneOptions>().CountryHeader is { } name
        && context.Request.Headers.TryGetValue(name, out var values) && values.Count == 1 && CountryCode.TryParse(values[0], out var country)
            ? country.ToString()
            : null;
}
