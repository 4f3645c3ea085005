using System.Collections.Immutable;
using Movento.Ingest.Chapters;

namespace Movento.Ingest.Tests.Chapters;

public sealed class ChapterPlanTests
{
    [Theory]
    // start-end title, in seconds; film of 60 s
    [InlineData("0-20 A|20-60 B", "0-20 A|20-60 B")]
    [InlineData("20-60 B|0-20 A", "0-20 A|20-60 B")]
    [InlineData("-1-20 A|20-99 B|70-80 C", "0-20 A|20-60 B")]
    [InlineData("0-0 A|20-20 B", "0-20 A|20-60 B")]
    [InlineData("0-60 A|20-60 B", "0-20 A|20-60 B")]
    [InlineData("5-10 A|30-40 B", "5-10 A|30-40 B")]
    [InlineData("0-20 A|0-20 A2|20-60 ", "0-20 A|20-60 ")]
    [InlineData("0-60 ", "")]
    [InlineData("0-60 All", "0-60 All")]
    [InlineData("", "")]
    public void Chapters_OfAContainer_AreThoseOfTheFilm(string source, string expected) =>
        Assert.Equal(expected, string.Join('|', ChapterPlan.For(Read(source), TimeSpan.FromSeconds(60))
            .Select(chapter => $"{chapter.Start.TotalSeconds}-{chapter.End.TotalSeconds} {chapter.Title}")));

    [Fact]
    public void Chapters_WithoutNumber_AreBounded() =>
        Assert.Equal(500, ChapterPlan.For(
            [.. Enumerable.Range(0, 2000).Select(i => new ChapterFacts(TimeSpan.FromSeconds(i), TimeSpan.FromSeconds(i + 1), null))], TimeSpan.FromHours(1)).Count);

    private static ImmutableArray<ChapterFacts> Read(string text) =>
    [
        .. text.Split('|', StringSplitOptions.RemoveEmptyEntries).Select(part =>
        {
            var space = part.IndexOf(' ', StringComparison.Ordinal);
            var dash = part.IndexOf('-', 1);
            return new ChapterFacts(Seconds(part[..dash]), Seconds(part[(dash + 1)..space]), part[(space + 1)..] is { Length: > 0 } title ? title : null);
        }),
    ];

    private static TimeSpan Seconds(string text) => TimeSpan.FromSeconds(int.Parse(text, System.Globalization.CultureInfo.InvariantCulture));
}
