using System.Collections.Immutable;
using Movento.Contracts;

namespace Movento.Edge.Admission.CommonAccess;

/// <summary>What a Common Access Token says, as far as this edge knows claims (docs/formats/common-access-token.md).</summary>
internal sealed record CommonAccessClaims
{
    /// <summary><c>iss</c>; null for none.</summary>
    public string? Issuer { get; init; }

    /// <summary><c>exp</c>.</summary>
    public required DateTimeOffset Expires { get; init; }

    /// <summary><c>nbf</c>; long ago for none.</summary>
    public DateTimeOffset NotBefore { get; init; } = DateTimeOffset.MinValue;

    /// <summary><c>cti</c>, where it has the 16 bytes of a UUID: the session that a revocation names; else <see cref="Guid.Empty"/>.</summary>
    public Guid Session { get; init; }

    /// <summary><c>catu</c>: everything that must hold of the URI; empty for any URI.</summary>
    public ImmutableArray<UriMatch> Uri { get; init; } = [];

    /// <summary><c>catm</c>; default for any method.</summary>
    public ImmutableArray<string> Methods { get; init; }

    /// <summary><c>catnip</c>; default for any network.</summary>
    public ImmutableArray<NetworkPrefix> Networks { get; init; }
}
