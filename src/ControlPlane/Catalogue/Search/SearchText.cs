using System.Text;

namespace Movento.ControlPlane.Catalogue.Search;

/// <summary>What is searched for, as words: all of them are to be there, and the last one may only have been begun.</summary>
internal sealed class SearchText
{
    /// <summary>Words that count; titles have no more that would tell them apart.</summary>
    public const int MaxWords = 8;

    // A word that was only begun by so few letters could be nearly any.
    private const int ShortestBeginning = 3;

    private readonly string[] _words;

    /// <param name="folded">As the database folds text: letters and digits, with a space between words.</param>
    public SearchText(string folded)
    {
        Folded = folded;
        _words = [.. folded.Split(' ', StringSplitOptions.RemoveEmptyEntries).Take(MaxWords)];
    }

    public string Folded { get; }

    public IReadOnlyList<string> Words => _words;

    /// <summary>
    /// What the index is asked for (a tsquery). A last word of one or two letters is left to <see cref="Whole"/>, unless it stands alone: then it is a word,
    /// and titles that begin with it are found by their names.
    /// </summary>
    public string Query => _words[^1].Length >= ShortestBeginning ? All(_words, isBegun: true) : _words.Length == 1 ? All(_words, isBegun: false) : All(_words[..^1], isBegun: false);

    /// <summary>What a found text must hold besides; null for nothing.</summary>
    public string? Whole => _words[^1].Length < ShortestBeginning && _words.Length > 1 ? All(_words, isBegun: true) : null;

    /// <summary>The words with those that may have been meant, one of each.</summary>
    /// <param name="meant">By word.</param>
    public string QueryOf(ILookup<string, string> meant)
    {
        var query = new StringBuilder();
        foreach (var word in _words)
        {
            if (query.Length > 0) query.Append(" & ");
            query.Append('(').AppendJoin(" | ", meant[word].Append(word).Distinct(StringComparer.Ordinal).Select(Quoted)).Append(word == _words[^1] ? ":*)" : ")");
        }

        return query.ToString();
    }

    private static string All(string[] words, bool isBegun) => string.Join(" & ", words.Select(Quoted)) + (isBegun ? ":*" : "");

    // Folded words are letters and digits only.
    private static string Quoted(string word) => $"'{word}'";
}
