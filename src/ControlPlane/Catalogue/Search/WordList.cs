namespace Movento.ControlPlane.Catalogue.Search;

/// <summary>Words in order (of their UTF-16 units), each once: which there are, and which are near one that was mistyped.</summary>
internal sealed class WordList
{
    public static readonly WordList Empty = new([]);

    private readonly string[] _words;

    // How much of each word is that of the word before.
    private readonly byte[] _shared;

    private WordList(string[] words)
    {
        _words = words;
        _shared = new byte[words.Length];
        for (var at = 1; at < words.Length; at++) _shared[at] = (byte)Math.Min(byte.MaxValue, words[at].AsSpan().CommonPrefixLength(words[at - 1]));
    }

    public int Count => _words.Length;

    /// <summary>The list with these words besides; the same where it has them all.</summary>
    public WordList With(IReadOnlyCollection<string> words)
    {
        var added = words.Where(word => !Contains(word)).Distinct(StringComparer.Ordinal).ToArray();
        if (added.Length == 0) return this;
        string[] all = [.. _words, .. added];
        Array.Sort(all, StringComparer.Ordinal);
        return new WordList(all);
    }

    public bool Contains(string word) => Array.BinarySearch(_words, word, StringComparer.Ordinal) >= 0;

    /// <summary>Whether a word begins like that.</summary>
    public bool ContainsBeginning(string beginning)
    {
        var at = Array.BinarySearch(_words, beginning, StringComparer.Ordinal);
        return at >= 0 || (~at < _words.Length && _words[~at].StartsWith(beginning, StringComparison.Ordinal));
    }

    /// <summary>
    /// The words that differ from one by as few typing errors as <see cref="TypingErrors.Between"/> counts them: those with the fewest first, then those that
    /// begin most like it, then those of its length.
    /// </summary>
    /// <param name="typed">The word; what is spelled, or begins, like it is not among the answers.</param>
    /// <param name="allowed">Errors.</param>
    /// <param name="isBegun">Whether it is to be near the beginning of a word only.</param>
    /// <param name="most">Words.</param>
    public IReadOnlyList<string> Near(string typed, int allowed, bool isBegun, int most)
    {
        // The table of errors, a row for each letter of a word, kept for the next word as far as both are the same. Below a row by which there are too many errors
        // there is nothing to be found: whatever begins like that is passed over.
        var rows = new List<int[]> { Enumerable.Range(0, typed.Length + 1).ToArray() };
        var least = new List<int> { isBegun ? typed.Length : int.MaxValue };
        var near = new SortedSet<(int Errors, int Unlike, int Longer, int At)>();
        var (depth, passed) = (0, int.MaxValue);
        for (var at = 0; at < _words.Length; at++)
        {
            var word = _words[at];
            var shared = Math.Min((int)_shared[at], depth);
            if (_shared[at] < passed)
            {
                passed = int.MaxValue;
                for (depth = shared; depth < word.Length && passed == int.MaxValue;)
                {
                    if (rows.Count == depth + 1)
                    {
                        rows.Add(new int[typed.Length + 1]);
                        least.Add(0);
                    }

                    depth++;
                    var fewest = Fill(rows, depth, typed, word);
                    least[depth] = isBegun ? Math.Min(least[depth - 1], rows[depth][typed.Length]) : int.MaxValue;
                    // Two letters that changed places are counted from the row before the last.
                    if (fewest > allowed && rows[depth - 1].AsSpan().IndexOfAnyInRange(0, allowed - 1) < 0) passed = depth;
                }
            }

            var errors = isBegun ? least[depth] : passed == int.MaxValue ? rows[depth][typed.Length] : int.MaxValue;
            if (errors > allowed || errors == 0) continue;
            var found = (errors, -typed.AsSpan().CommonPrefixLength(word), Math.Abs(word.Length - typed.Length), at);
            if (near.Count == most)
            {
                if (found.CompareTo(near.Max) > 0) continue;
                near.Remove(near.Max);
            }

            near.Add(found);
        }

        return [.. near.Select(found => _words[found.At])];
    }

    /// <summary>The row of a word's letter; the fewest errors in it.</summary>
    private static int Fill(List<int[]> rows, int depth, string typed, string word)
    {
        var (now, old) = (rows[depth], rows[depth - 1]);
        var letter = word[depth - 1];
        var fewest = now[0] = depth;
        for (var i = 1; i < now.Length; i++)
        {
            var errors = Math.Min(Math.Min(now[i - 1], old[i]) + 1, old[i - 1] + (typed[i - 1] == letter ? 0 : 1));
            if (i > 1 && depth > 1 && typed[i - 1] == word[depth - 2] && typed[i - 2] == letter) errors = Math.Min(errors, rows[depth - 2][i - 2] + 1);
            now[i] = errors;
            fewest = Math.Min(fewest, errors);
        }

        return fewest;
    }
}
