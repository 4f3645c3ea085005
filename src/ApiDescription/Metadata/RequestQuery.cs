namespace Movento.ApiDescription.Metadata;

/// <summary>
/// A parameter of the query. Handlers take most of them as texts and read them by themselves, so that a wrong one has a named answer: here stands what they take.
/// </summary>
/// <param name="Name">As it stands in the query.</param>
/// <param name="Description">What it says.</param>
public sealed record RequestQuery(string Name, string Description)
{
    /// <summary>Of a text; null where another rule bounds it.</summary>
    public int? MaxLength { get; init; }

    /// <summary>A regular expression of ECMA-262 that the text matches; null for any.</summary>
    public string? Pattern { get; init; }

    /// <summary>The words that it may be; null for any.</summary>
    public IReadOnlyList<string>? Words { get; init; }

    /// <summary>Of a whole number: the least and the greatest; null for a text.</summary>
    public (int Least, int Most)? Range { get; init; }

    /// <summary>How often it may be said; null for once.</summary>
    public int? MaxItems { get; init; }
}
