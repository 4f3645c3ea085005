using Movento.ControlPlane.Catalogue.Search;

namespace Movento.ControlPlane.Tests.Catalogue.Search;

public sealed class TypingErrorsTests
{
    [Theory]
    [InlineData("matrix", "matrix", 0)]
    [InlineData("matrx", "matrix", 1)]
    [InlineData("matrixx", "matrix", 1)]
    [InlineData("mstrix", "matrix", 1)]
    [InlineData("matirx", "matrix", 1)]
    [InlineData("amtrix", "matrix", 1)]
    [InlineData("matr", "matrix", 2)]
    [InlineData("", "abc", 3)]
    [InlineData("abc", "", 3)]
    [InlineData("kitten", "sitting", 3)]
    public void Between_WholeWords_CountsErrors(string typed, string meant, int errors) =>
        Assert.Equal(errors, TypingErrors.Between(typed, meant, isBegun: false));

    [Theory]
    [InlineData("matr", "matrix", 0)]
    [InlineData("avnge", "avengers", 1)]
    [InlineData("avegn", "avengers", 1)]
    [InlineData("matrixx", "matrix", 1)]
    [InlineData("xyz", "matrix", 3)]
    public void Between_AWordThatWasBegun_CountsErrorsToTheNearestBeginning(string typed, string meant, int errors) =>
        Assert.Equal(errors, TypingErrors.Between(typed, meant, isBegun: true));

    [Fact]
    public void Between_AnyTwo_IsTheSameBothWays()
    {
        var random = new Random(5);
        for (var i = 0; i < 500; i++)
        {
            var (a, b) = (Word(), Word());
            var errors = TypingErrors.Between(a, b, isBegun: false);
            Assert.Equal(errors, TypingErrors.Between(b, a, isBegun: false));
            Assert.InRange(errors, Math.Abs(a.Length - b.Length), Math.Max(a.Length, b.Length));
            Assert.Equal(a == b, errors == 0);
        }

        string Word() => new([.. Enumerable.Range(0, random.Next(7)).Select(_ => (char)('a' + random.Next(3)))]);
    }
}
