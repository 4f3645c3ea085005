using System.Text;

namespace Movento.ControlPlane.Catalogue.Search;

/// <summary>What is searched for, as words: all of them are to be there, and the last one may only have been begun.</summary>
internal sealed class SearchText
{
    /// <summary>Words that count; titles have no more that would tell them apart.</summary>
    public const int MaxWords = 8;

    // Among so many people there is nearly always one whose name begins with fewer letters.
    private const int ShortestBeginning = 3;

    // Before the words of descriptions, as the database's search_document puts it.
    private const string DescriptionMark = "~";

    private static readonly char[] Between = [.. Enumerable.Range(0, 128).Select(code => (char)code).Where(letter => !char.IsAsciiLetterOrDigit(letter))];

    private readonly string[] _words;

    /// <param name="folded">As the database folds text: letters and digits, with a space between words.</param>
    public SearchText(string folded)
    {
        Folded = folded;
        _words = [.. folded.Split(' ', StringSplitOptions.RemoveEmptyEntries).Take(MaxWords)];
    }

    public string Folded { get; }

    public IReadOnlyList<string> Words => _words;

    /// <summary>As the database's <c>folded</c> does it, where all is ASCII; null where only the database knows.</summary>
    public static string? FoldAscii(string text) => !Ascii.IsValid(text)
        ? null
        : string.Join(' ', text.Replace("'", "", StringComparison.Ordinal).ToLowerInvariant().Split(Between, StringSplitOptions.RemoveEmptyEntries));

    /// <summary>What is looked for, with words that may have been meant beside those that were said.</summary>
    /// <param name="meant">By word that was said.</param>
    public SearchQuery QueryOf(ILookup<string, string> meant)
    {
        // One of them each; that which was said stands last, and only it may have been begun.
        var alternatives = Array.ConvertAll(_words, word => meant[word].Append(word).ToArray());
        var titles = alternatives.Select(words => OneOf(words, "")).ToArray();
        var descriptions = alternatives.Select(words => OneOf(words, DescriptionMark)).ToArray();
        var begun = (string[])[.. titles[..^1], titles[^1] + ":*"];
        var anywhere = begun.Zip(descriptions, (title, description) => $"({title} | {description})").ToArray();
        return _words[^1].Length >= ShortestBeginning ? new SearchQuery(All(begun), All(anywhere), null)
            : _words.Length > 1 ? new SearchQuery(All(begun), All(anywhere[..^1]), All(anywhere))
            : new SearchQuery(All(begun), $"({titles[0]} | {descriptions[0]})", null);
    }

    private static string All(string[] terms) => string.Join(" & ", terms.Select(term => $"({term})"));

    // Folded words are letters and digits only.
    private static string OneOf(string[] words, string mark) => string.Join(" | ", words.Select(word => $"'{mark}{word}'"));
}
