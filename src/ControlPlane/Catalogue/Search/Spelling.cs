using Dapper;
using Npgsql;

namespace Movento.ControlPlane.Catalogue.Search;

/// <summary>What may have been meant by words of a search: by the words that this process holds, or, where they are too many for it, by the database's trigrams.</summary>
/// <param name="connection">To the catalogue.</param>
/// <param name="held">All words; null for the database's.</param>
/// <param name="last">The word that may only have been begun.</param>
internal sealed class Spelling(NpgsqlConnection connection, WordList? held, string last)
{
    // Of words that may have been meant so many are looked for; among so many near ones the database finds them.
    private const int MeantWords = 5;
    private const int NearWords = 30;

    /// <summary>Those of the words that no title or name has, or begins with.</summary>
    public async Task<string[]> UnknownAsync(string[] words, CancellationToken cancellationToken) =>
        held is not null
            ? [.. words.Where(word => word == last ? !held.ContainsBeginning(word) : !held.Contains(word))]
            : (await connection.QueryAsync<string>(new CommandDefinition(
                """
                SELECT w FROM unnest(@words) AS w
                WHERE NOT EXISTS (SELECT FROM search_words WHERE word = w)
                  AND NOT (w = @last AND EXISTS (SELECT FROM search_words WHERE word >= w AND word < w || U&'\+10FFFF'))
                """,
                new { words, last },
                cancellationToken: cancellationToken))).ToArray();

    /// <summary>Words near each of the words, the nearest first.</summary>
    /// <param name="words">As they were typed.</param>
    /// <param name="areUnknown">Whether it is they that are wrong, so that it is worth looking farther.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task<ILookup<string, string>> MeantAsync(string[] words, bool areUnknown, CancellationToken cancellationToken)
    {
        if (held is not null)
        {
            return words
                .SelectMany(word => held.Near(word, TypingErrors.Allowed(word.Length), isBegun: word == last, MeantWords).Select(near => (Word: word, Near: near)))
                .ToLookup(pair => pair.Word, pair => pair.Near, StringComparer.Ordinal);
        }

        IEnumerable<(string Word, string Near)> pairs = words.Length == 0
            ? []
            : await connection.QueryAsync<(string, string)>(new CommandDefinition(
                $"SELECT w, n FROM unnest(@words) AS w, LATERAL {(areUnknown ? "near_words" : "nearest_words")}(w, @NearWords) AS n",
                new { words, NearWords },
                cancellationToken: cancellationToken));
        return pairs
            .Select(pair => (pair.Word, pair.Near, Errors: TypingErrors.Between(pair.Word, pair.Near, isBegun: pair.Word == last)))
            .Where(pair => pair.Errors > 0 && pair.Errors <= TypingErrors.Allowed(pair.Word.Length))
            .GroupBy(pair => pair.Word, StringComparer.Ordinal)
            .SelectMany(group => group.OrderBy(pair => pair.Errors).Take(MeantWords))
            .ToLookup(pair => pair.Word, pair => pair.Near, StringComparer.Ordinal);
    }
}
