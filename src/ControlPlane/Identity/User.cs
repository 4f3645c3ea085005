using Movento.ApiDescription;
using Movento.Contracts;

namespace Movento.ControlPlane.Identity;

/// <summary>An account as its owner sees it.</summary>
/// <param name="Id">32 lower-case hexadecimal digits.</param>
/// <param name="Email">What it is named by.</param>
/// <param name="Name">Any characters: whoever shows it escapes it.</param>
/// <param name="Roles">Of <c>viewer</c>, <c>editor</c> and <c>admin</c>.</param>
/// <param name="IsConfirmed">Whether somebody proved to read mail at the address.</param>
internal sealed record User(string Id, string Email, string Name, [property: Words(typeof(Access), nameof(Access.Roles))] IReadOnlyList<string> Roles, bool IsConfirmed);

/// <summary>An account as the table <c>users</c> holds it.</summary>
internal sealed class UserRow
{
    /// <summary>The columns of this row, for a SELECT from <c>users u</c>.</summary>
    public const string Columns = "u.id AS Id, u.email AS Email, u.name AS Name, u.password_hash AS PasswordHash, u.roles AS Roles, u.confirmed_at AS ConfirmedAt, u.disabled_at AS DisabledAt";

    public required Guid Id { get; init; }
    public required string Email { get; init; }
    public required string Name { get; init; }
    public required string PasswordHash { get; init; }
    public required string[] Roles { get; init; }

    /// <summary>When the address was confirmed, in UTC; null before.</summary>
    public DateTime? ConfirmedAt { get; init; }

    /// <summary>When an admin disabled it, in UTC; null while it may be used.</summary>
    public DateTime? DisabledAt { get; init; }

    public User ToUser() => new(Id.ToString("N"), Email, Name, Roles, ConfirmedAt is not null);
}
