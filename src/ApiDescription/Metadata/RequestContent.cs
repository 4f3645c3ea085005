using System.Text.Json.Nodes;

namespace Movento.ApiDescription.Metadata;

/// <summary>
/// The body that an endpoint takes. ASP.NET's own metadata of this kind (<c>IAcceptsMetadata</c>) makes routing refuse every other content type with an empty
/// 415; ours only says what is taken, and the endpoint answers with a named problem.
/// </summary>
/// <param name="Type">What the JSON of the body is read as; <see cref="Stream"/> for bytes.</param>
/// <param name="IsRequired">Whether there must be one.</param>
/// <param name="ContentTypes">The media types that it may have.</param>
public sealed record RequestContent(Type Type, bool IsRequired, params IReadOnlyList<string> ContentTypes)
{
    /// <summary>What it is; null where the type says so itself.</summary>
    public string? Description { get; init; }

    /// <summary>A body that would be taken, as JSON; null for none.</summary>
    public JsonNode? Example { get; init; }
}
