namespace Movento.ControlPlane.Catalogue.Search;

/// <summary>How many typing errors lie between two words: a letter left out, put in, taken for another, or two that changed places.</summary>
internal static class TypingErrors
{
    /// <summary>Of a word so long: none up to two letters, one up to five, two of longer ones.</summary>
    public static int Allowed(int length) => length < 3 ? 0 : length < 6 ? 1 : 2;

    /// <summary>The errors (optimal string alignment); of a word that was only begun, to the nearest beginning of the other one.</summary>
    public static int Between(ReadOnlySpan<char> typed, ReadOnlySpan<char> meant, bool isBegun)
    {
        // Rows of a table: the one before the last, the last, and this one.
        var (older, old, now) = (new int[meant.Length + 1], new int[meant.Length + 1], new int[meant.Length + 1]);
        for (var j = 0; j <= meant.Length; j++) old[j] = j;
        for (var i = 1; i <= typed.Length; i++)
        {
            now[0] = i;
            for (var j = 1; j <= meant.Length; j++)
            {
                var same = typed[i - 1] == meant[j - 1] ? 0 : 1;
                now[j] = Math.Min(Math.Min(now[j - 1], old[j]) + 1, old[j - 1] + same);
                if (i > 1 && j > 1 && typed[i - 1] == meant[j - 2] && typed[i - 2] == meant[j - 1]) now[j] = Math.Min(now[j], older[j - 2] + 1);
            }

            (older, old, now) = (old, now, older);
        }

        return isBegun ? Least(old) : old[meant.Length];
    }

    private static int Least(ReadOnlySpan<int> row)
    {
        var least = row[0];
        foreach (var errors in row) least = Math.Min(least, errors);
        return least;
    }
}
