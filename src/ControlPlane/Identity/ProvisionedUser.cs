namespace Movento.ControlPlane.Identity;

/// <summary>An account that <see cref="Provisioning"/> made sure of.</summary>
public sealed record ProvisionedUser(Guid Id, ProvisionedAs As);

/// <summary>What <see cref="Provisioning"/> found.</summary>
public enum ProvisionedAs
{
    /// <summary>There was none; now there is, with the password given.</summary>
    Created,

    /// <summary>It was there, with the password given; it has the roles given.</summary>
    Exists,

    /// <summary>It was there with another password, and nothing was changed: neither its password nor its roles.</summary>
    ExistsWithAnotherPassword,
}
