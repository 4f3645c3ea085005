using System.Globalization;

namespace Movento.Load.Search;

/// <summary>
/// Titles, people, genres and descriptions that no film has, but that films could have: the forms of real titles, with words as unevenly used as in a
/// language (a few very often, most nearly never), and tens of thousands of names. The same each time.
/// </summary>
internal sealed class GeneratedTitles
{
    private static readonly string[] Adjectives =
        ("Last Dark Long Secret Lost Silent Golden Broken Hidden Wild Red Black White Blue Cold Burning Little Great Perfect Strange Beautiful Final Lonely Young Old New Dead " +
         "Good Bad Big Invisible Endless Forgotten Sweet Crazy Crimson Bitter Brave Savage Quiet Electric Frozen Holy Hungry Innocent Midnight Northern Paper Private Pure Rising " +
         "Royal Sacred Second Seventh Shallow Sleeping Stolen Tender Third Thin Unknown Velvet Violent Wicked Winter Wooden Yellow American French Italian Japanese").Split(' ');

    private static readonly string[] Nouns =
        ("Love Night Man Girl Life World House Day Time Heart City King Woman Boy Dream Story War Moon Sun Blood Fire Water River Road Island Garden Summer Winter Game Death Child " +
         "Children Father Mother Brother Sister Friend Stranger Shadow Light Star Sky Sea Mountain Forest Wolf Bird Horse Dog Cat Dragon Angel Devil Ghost Witch Doctor Soldier " +
         "Captain Queen Prince Princess Murder Crime Detective Thief Train Bridge Letter Song Dance Music Memory Mirror Window Door Key Ring Rose Snow Storm Wind Rain Thunder " +
         "Lightning Desert Valley Empire Kingdom Revolution Revenge Justice Truth Lie Promise Honor Glory Fear Hope Faith Silence Journey Return Escape Hunt Chase Alien Robot " +
         "Vampire Monster Killer Hunter Fighter Dancer Painter Writer Teacher Student Lawyer Widow Bride Wedding Affair Kiss Marriage Divorce Family Neighbor Village Town Street " +
         "Avenue Hotel Station Hospital School Prison Castle Palace Temple Church Circus Theatre").Split(' ');

    private static readonly string[] Places =
        "Paris London Berlin Rome Tokyo Venice Vienna Madrid Lisbon Prague Moscow Istanbul Cairo Bombay Shanghai Texas Brooklyn Chicago Hollywood Alaska Siberia Babylon Havana Dublin Naples"
            .Split(' ');

    private static readonly string[] AllGenres =
        "drama comedy action thriller romance documentary horror crime adventure science-fiction fantasy family animation mystery war history music western sport biography".Split(' ');

    private static readonly string[] Beginnings = "b c d f g h j k l m n p r s t v w z br ch cr dr fr gr kl kr pr sch sh st th tr".Split(' ');
    private static readonly string[] Vowels = "a e i o u a e i o ai ea ie oo ou é ö".Split(' ');
    private static readonly string[] Endings = ["n", "r", "s", "l", "t", "m", "nd", "rt", "ck", "", "", "", ""];
    private static readonly string[] Fillers = "the a of and to in is his her who with when from for on at by an as but".Split(' ');

    private readonly Random _random = new(2026);
    private readonly string[] _names;
    private readonly string[] _people;

    public GeneratedTitles()
    {
        _names = [.. Enumerable.Range(0, 60_000).Select(_ => Name()).Distinct(StringComparer.Ordinal)];
        _people = [.. Enumerable.Range(0, 60_000).Select(_ => $"{Uneven(_names)} {Uneven(_names)}")];
    }

    public string Title() => _random.Next(100) switch
    {
        < 16 => $"The {Uneven(Adjectives)} {Uneven(Nouns)}",
        < 26 => $"{Uneven(Adjectives)} {Uneven(Nouns)}",
        < 36 => $"{Uneven(Nouns)} of the {Uneven(Nouns)}",
        < 44 => $"The {Uneven(Nouns)} of {Uneven(Places)}",
        < 52 => Uneven(_names),
        < 64 => $"{Uneven(_names)}’s {Uneven(Nouns)}",
        < 70 => $"{Uneven(_names)} and {Uneven(_names)}",
        < 76 => $"{Uneven(Nouns)} in {Uneven(Places)}",
        < 84 => $"{Uneven(_names)}: The {Uneven(Nouns)}",
        < 90 => $"A {Uneven(Nouns)} for {Uneven(_names)}",
        _ => string.Create(CultureInfo.InvariantCulture, $"{Uneven(Adjectives)} {Uneven(_names)} {_random.Next(2, 6)}"),
    };

    public string[] Genres() => [.. Enumerable.Range(0, _random.Next(1, 4)).Select(_ => Uneven(AllGenres)).Distinct(StringComparer.Ordinal)];

    public string Genre() => Uneven(AllGenres);

    public string Person() => Uneven(_people);

    /// <summary>15 to 45 words.</summary>
    public string Description() => string.Join(' ', Enumerable.Range(0, _random.Next(15, 46)).Select(_ => _random.Next(10) switch
    {
        < 4 => Fillers[_random.Next(Fillers.Length)],
        < 6 => Uneven(Nouns).ToLowerInvariant(),
        < 7 => Uneven(Adjectives).ToLowerInvariant(),
        _ => _names[_random.Next(_names.Length)].ToLowerInvariant(),
    }));

    public int Year() => 2026 - (int)(Math.Pow(_random.NextDouble(), 2) * 100);

    public int Number(int below) => _random.Next(below);

    /// <summary>The text with one letter left out, doubled, or changed with its neighbour.</summary>
    public string Mistyped(string text)
    {
        var at = _random.Next(1, Math.Max(2, text.Length - 1));
        if (text.Length < 4) return text;
        return _random.Next(3) switch
        {
            0 => text.Remove(at, 1),
            1 => text.Insert(at, text[at].ToString()),
            _ => string.Concat(text.AsSpan(0, at - 1), text.AsSpan(at, 1), text.AsSpan(at - 1, 1), text.AsSpan(at + 1)),
        };
    }

    // The first of a list is a hundred times as frequent as one of its end.
    private string Uneven(string[] words) => words[Math.Min(words.Length - 1, (int)(words.Length * Math.Pow(_random.NextDouble(), 2.2)))];

    private string Name()
    {
        var name = string.Concat(Enumerable.Range(0, _random.Next(1, 4)).Select(_ => Beginnings[_random.Next(Beginnings.Length)] + Vowels[_random.Next(Vowels.Length)]))
            + Endings[_random.Next(Endings.Length)];
        return char.ToUpperInvariant(name[0]) + name[1..];
    }
}
