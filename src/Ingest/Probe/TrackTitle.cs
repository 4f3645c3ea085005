namespace Movento.Ingest.Probe;

/// <summary>What a track's author called it.</summary>
internal static class TrackTitle
{
    private const int MaxLength = 100;

    // What tools write where a person wrote nothing.
    private static readonly string[] Meaningless = ["Handler", "Media", "GPAC", "Apple", "Mainconcept", "Core Media"];

    /// <summary>The title without control characters and quotes, at most 100 characters; null where there is none.</summary>
    public static string? From(IReadOnlyDictionary<string, string>? tags)
    {
        if (tags is null) return null;
        var title = tags.GetValueOrDefault("title") ?? Spoken(tags.GetValueOrDefault("handler_name"));
        if (title is null) return null;
        // An attribute of an HLS playlist can hold neither line breaks nor double quotes (RFC 8216 §4.2).
        var clean = new string(title.Where(character => !char.IsControl(character) && character != '"').Take(MaxLength).ToArray()).Trim();
        if (clean.Length > 0 && char.IsHighSurrogate(clean[^1])) clean = clean[..^1];
        return clean.Length == 0 ? null : clean;
    }

    private static string? Spoken(string? handler) =>
        handler is null || Meaningless.Any(word => handler.Contains(word, StringComparison.OrdinalIgnoreCase)) ? null : handler;
}
