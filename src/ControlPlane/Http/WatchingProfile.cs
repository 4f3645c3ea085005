using System.Globalization;
using System.Security.Claims;
using Movento.Contracts;

namespace Movento.ControlPlane.Http;

/// <summary>Reads who of an account watches, from the access token's claims: whoever asks cannot name another one.</summary>
internal static class WatchingProfile
{
    /// <summary>The claim <c>profile</c>; null where nobody in particular watches.</summary>
    public static Guid? ProfileOrNull(this ClaimsPrincipal principal) =>
        Guid.TryParseExact(principal.FindFirst(Access.ProfileClaim)?.Value, "N", out var profile) ? profile : null;

    /// <summary>The claim <c>age</c>: for whom films may be, in years; null for everybody. A claim that is no number lets nothing through.</summary>
    public static short? MaximumAgeOrNull(this ClaimsPrincipal principal) => principal.FindFirst(Access.MaximumAgeClaim)?.Value is not { } text
        ? null
        : short.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var age) ? age : (short)-1;
}
