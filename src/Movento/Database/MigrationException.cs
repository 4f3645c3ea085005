namespace Movento.Database;

/// <summary>A schema cannot be brought up to date; nothing of the failing file was applied.</summary>
public sealed class MigrationException(string message, Exception? innerException = null) : Exception(message, innerException);
