namespace Movento.ControlPlane.Identity.Passwords;

/// <summary>Too many passwords wait to be checked; trying again in a moment helps.</summary>
internal sealed class PasswordHashingBusyException() : Exception("Too many passwords wait to be checked.");
