using System.Buffers;
using System.Collections.Immutable;

namespace Movento.Packager.Manifests;

/// <summary>
/// Content steering: players fetch from the pathway that a steering manifest prefers, and ask for that again and again (RFC 8216bis §7;
/// for DASH, ETSI TS 103 998).
/// </summary>
/// <param name="ServerUri">Of the steering manifest. Absolute: dash.js resolves no other.</param>
/// <param name="Pathways">At least one. Players begin with the first.</param>
public sealed record ContentSteering(string ServerUri, ImmutableArray<Pathway> Pathways);

/// <summary>A place from which the whole presentation can be had: in DASH, a service location.</summary>
/// <param name="Id">See <see cref="IsId"/>.</param>
/// <param name="BaseUri">Of the folder in which the manifest lies there: absolute, with a slash at its end.</param>
public sealed record Pathway(string Id, string BaseUri)
{
    private static readonly SearchValues<char> IdCharacters =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-_");

    /// <summary>Whether a pathway may be called so: 1 to 32 of <c>a-z A-Z 0-9 . - _</c> (RFC 8216bis §7.2).</summary>
    public static bool IsId(ReadOnlySpan<char> id) => id.Length is >= 1 and <= 32 && !id.ContainsAnyExcept(IdCharacters);
}
