namespace Movento.Database;

/// <summary>The private PostgreSQL cannot be made or started; the message says what to do.</summary>
public sealed class PrivatePostgresException(string message) : Exception(message);
