using Movento.ControlPlane.Catalogue.Search;

namespace Movento.ControlPlane.Tests.Catalogue.Search;

public sealed class WordListTests
{
    private static readonly WordList Words = WordList.Empty.With(["matrix", "matter", "mattress", "avengers", "avenue", "silent", "the", "theatre"]);

    [Theory]
    [InlineData("matrx", "matrix")]
    [InlineData("amtrix", "matrix")]
    [InlineData("silnet", "silent")]
    [InlineData("avengrss", "avengers")]
    public void Near_OfAMistypedWord_HasWhatWasMeantFirst(string typed, string meant) =>
        Assert.Equal(meant, Words.Near(typed, TypingErrors.Allowed(typed.Length), isBegun: false, most: 5)[0]);

    [Fact]
    public void Near_OfWhatIsNearNothing_IsEmpty() => Assert.Empty(Words.Near("zzzzzz", 2, isBegun: true, most: 5));

    [Fact]
    public void Near_OfWhatWasBegun_IsNearABeginning_ButNotWhatBeginsLikeIt()
    {
        Assert.Equal(["avenue", "avengers"], Words.Near("avegn", 1, isBegun: true, most: 5));
        Assert.Empty(Words.Near("avengers", 1, isBegun: true, most: 5));
        Assert.DoesNotContain("theatre", Words.Near("the", 1, isBegun: true, most: 5));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Near_OfAnyWords_HasTheErrorsThatTypingErrorsCounts(bool isBegun)
    {
        var random = new Random(7);
        var words = Enumerable.Range(0, 400).Select(_ => Word(1 + random.Next(9))).Distinct().ToArray();
        var list = WordList.Empty.With(words[..200]).With(words);
        Assert.Equal(words.Length, list.Count);
        for (var i = 0; i < 300; i++)
        {
            var typed = Word(3 + random.Next(6));
            var allowed = 1 + random.Next(2);
            var expected = words.Select(word => TypingErrors.Between(typed, word, isBegun)).Where(errors => errors > 0 && errors <= allowed).Order().Take(5);
            Assert.Equal(expected, list.Near(typed, allowed, isBegun, most: 5).Select(word => TypingErrors.Between(typed, word, isBegun)));
        }

        string Word(int length) => new([.. Enumerable.Range(0, length).Select(_ => (char)('a' + random.Next(3)))]);
    }

    [Fact]
    public void Contains_WordsAndTheirBeginnings()
    {
        Assert.True(Words.Contains("avenue"));
        Assert.False(Words.Contains("aven"));
        Assert.True(Words.ContainsBeginning("aven"));
        Assert.True(Words.ContainsBeginning("avenue"));
        Assert.False(Words.ContainsBeginning("avex"));
        Assert.False(Words.ContainsBeginning("zz"));
        Assert.Same(Words, Words.With(["the", "matrix"]));
    }
}
