namespace Movento.ControlPlane.Catalogue.Search;

/// <summary>Words as PostgreSQL's indexes are asked for them (each a tsquery).</summary>
/// <param name="Titles">Of titles: all words, the last of which may only have been begun.</param>
/// <param name="Documents">
/// Of all that is said of a film: all words, in titles and names as there, in descriptions whole. Without a last word of one or two letters, with which too many
/// names begin; but where it stands alone, it is looked for as a whole word.
/// </param>
/// <param name="Whole">What the documents must match besides; null for nothing.</param>
internal sealed record SearchQuery(string Titles, string Documents, string? Whole);
