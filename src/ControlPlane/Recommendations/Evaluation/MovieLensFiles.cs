using System.Globalization;

namespace Movento.ControlPlane.Recommendations.Evaluation;

/// <summary>
/// Reads what GroupLens gives out, which its licence does not let us ship: <c>u.data</c> of MovieLens 100K, <c>ratings.dat</c> of 1M and 10M,
/// <c>ratings.csv</c> of the later ones. And <c>sequences.txt</c>, as papers on sequences write theirs: a person and a film a line, in the order of time.
/// </summary>
internal static class MovieLensFiles
{
    // Of MovieLens 32M there are 32 million.
    private const int MaxRatings = 50_000_000;

    private static readonly (string Name, string Separator, int Skipped)[] Formats =
        [("u.data", "\t", 0), ("ratings.dat", "::", 0), ("ratings.csv", ",", 1), ("sequences.txt", " ", 0)];

    /// <exception cref="DatasetException">There is no such file in the folder, or it is none.</exception>
    public static (string File, IReadOnlyList<Rating> Ratings) Read(string folder)
    {
        foreach (var (name, separator, skipped) in Formats)
        {
            var path = Path.Combine(folder, name);
            if (File.Exists(path)) return (name, Read(path, separator, skipped));
        }

        throw new DatasetException($"In '{folder}' there is none of {string.Join(", ", Formats.Select(format => format.Name))}.");
    }

    private static List<Rating> Read(string path, string separator, int skipped)
    {
        var ratings = new List<Rating>();
        var number = 0;
        Span<Range> fields = stackalloc Range[5];
        foreach (var line in File.ReadLines(path))
        {
            if (++number <= skipped || line.Length == 0) continue;
            if (ratings.Count == MaxRatings) throw new DatasetException($"'{path}' has more than {MaxRatings} ratings.");
            var text = line.AsSpan();
            var count = text.Split(fields, separator, StringSplitOptions.RemoveEmptyEntries);
            float value = 5;
            long at = number;
            var isRight = int.TryParse(text[fields[0]], NumberStyles.None, CultureInfo.InvariantCulture, out var person)
                & int.TryParse(count > 1 ? text[fields[1]] : [], NumberStyles.None, CultureInfo.InvariantCulture, out var film);
            if (count == 4)
            {
                isRight &= float.TryParse(text[fields[2]], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out value)
                    & long.TryParse(text[fields[3]], NumberStyles.None, CultureInfo.InvariantCulture, out at);
            }

            if (!isRight || count is not (2 or 4)) throw new DatasetException($"'{path}', line {number}, is not a rating: '{(line.Length > 80 ? line[..80] + "…" : line)}'.");
            ratings.Add(new Rating(person, film, value, at));
        }

        return ratings;
    }
}
