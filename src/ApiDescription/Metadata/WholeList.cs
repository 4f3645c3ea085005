namespace Movento.ApiDescription.Metadata;

/// <summary>A list that is given out whole, since it cannot be long.</summary>
/// <param name="MaxItems">How many rows it has at most.</param>
public sealed record WholeList(int MaxItems);
