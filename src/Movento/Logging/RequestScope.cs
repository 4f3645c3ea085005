namespace Movento.Logging;

/// <summary>The scope of everything that is logged for a request.</summary>
/// <param name="Id">What the request is called.</param>
internal sealed record RequestScope(string Id);
