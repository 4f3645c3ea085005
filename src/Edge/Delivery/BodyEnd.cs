namespace Movento.Edge.Delivery;

/// <summary>How a body ended.</summary>
/// <param name="Sent">Bytes that were handed to the connection; of a client that left, perhaps a piece more than it had.</param>
/// <param name="Failure">Null when everything was written.</param>
internal readonly record struct BodyEnd(long Sent, EdgeOutcome? Failure);
