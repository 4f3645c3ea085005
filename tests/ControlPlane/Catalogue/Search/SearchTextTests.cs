using Dapper;
using Movento.ControlPlane.Catalogue.Search;

namespace Movento.ControlPlane.Tests.Catalogue.Search;

public sealed class SearchTextTests(ControlPlaneFixture fixture) : ControlPlaneTest(fixture)
{
    [Theory]
    [InlineData("The MATRIX")]
    [InlineData("  le, fabuleux... (destin)  ")]
    [InlineData("don't look up")]
    [InlineData("'")]
    [InlineData("")]
    [InlineData("M*A*S*H 4077")]
    public async Task FoldAscii_IsWhatTheDatabaseDoes(string text) => Assert.Equal(await FoldedAsync(text), SearchText.FoldAscii(text));

    [Fact]
    public async Task FoldAscii_OfEveryCharacter_IsWhatTheDatabaseDoes()
    {
        // But NUL, which PostgreSQL takes in no text.
        for (var code = 1; code < 128; code++) Assert.Equal(await FoldedAsync($"a{(char)code}b {(char)code}"), SearchText.FoldAscii($"a{(char)code}b {(char)code}"));
    }

    [Fact]
    public void FoldAscii_OfOtherLetters_LeavesThemToTheDatabase() => Assert.Null(SearchText.FoldAscii("Amélie"));

    private async Task<string> FoldedAsync(string text)
    {
        await using var connection = await App.Catalogue.OpenConnectionAsync();
        return (await connection.QuerySingleAsync<string>("SELECT folded(@text)", new { text }))!;
    }
}
