namespace Movento.ApiDescription;

/// <summary>An area of the API: what its operations are tagged with.</summary>
/// <param name="Name">The tag.</param>
/// <param name="Description">What the area is for, in one sentence.</param>
public sealed record ApiArea(string Name, string Description);
