namespace Movento.ApiDescription.Metadata;

/// <summary>A header of the answers with a status.</summary>
/// <param name="Status">The HTTP status.</param>
/// <param name="Name">As HTTP knows it.</param>
/// <param name="Description">What it says.</param>
public sealed record AnswerHeader(int Status, string Name, string Description);
