namespace Movento.Hosting;

/// <summary>It cannot be said at this moment who asks: who knows it is out of reach. Answered with 503, as it is nobody's fault that asks.</summary>
public sealed class AccessUnavailableException(string message, Exception inner) : Exception(message, inner);
