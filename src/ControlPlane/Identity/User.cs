namespace Movento.ControlPlane.Identity;

/// <summary>An account as its owner sees it; <paramref name="Id"/> is 32 lower-case hexadecimal digits.</summary>
internal sealed record User(string Id, string Email, string Name, IReadOnlyList<string> Roles);

/// <summary>An account as the table <c>users</c> holds it.</summary>
internal sealed class UserRow
{
    /// <summary>The columns of this row, for a SELECT from <c>users u</c>.</summary>
    public const string Columns = "u.id AS Id, u.email AS Email, u.name AS Name, u.password_hash AS PasswordHash, u.roles AS Roles";

    public required Guid Id { get; init; }
    public required string Email { get; init; }
    public required string Name { get; init; }
    public required string PasswordHash { get; init; }
    public required string[] Roles { get; init; }

    public User ToUser() => new(Id.ToString("N"), Email, Name, Roles);
}
