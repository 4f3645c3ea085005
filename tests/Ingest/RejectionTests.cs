using System.Text;
using Movento.Harness;

namespace Movento.Ingest.Tests;

/// <summary>The enum, the table and the page of rejections say the same.</summary>
public sealed class RejectionTests
{
    [Fact]
    public void Reasons_All_HaveACodeOfTheirOwnASentenceAndAHint()
    {
        var reasons = Enum.GetValues<RejectionReason>();
        Assert.All(reasons, reason =>
        {
            var rejection = Rejection.Of(reason);
            Assert.Equal(SnakeCase(reason.ToString()), rejection.Code);
            Assert.EndsWith(".", rejection.Message, StringComparison.Ordinal);
            Assert.EndsWith(".", rejection.Hint, StringComparison.Ordinal);
        });
        Assert.Equal(reasons.Length, reasons.Select(reason => Rejection.Of(reason).Code).Distinct().Count());
    }

    [Fact]
    public async Task Reasons_All_StandOnThePageWordByWord()
    {
        var page = await File.ReadAllLinesAsync(Repository.Combine("docs", "formats", "rejections.md"));
        var rows = page.Where(line => line.StartsWith("| `", StringComparison.Ordinal)).Order().ToList();
        var table = Enum.GetValues<RejectionReason>().Select(reason => Rejection.Of(reason))
            .Select(rejection => $"| `{rejection.Code}` | {rejection.Message} | {rejection.Hint} |").Order().ToList();
        Assert.Equal(table, rows);
    }

    private static string SnakeCase(string name)
    {
        var text = new StringBuilder();
        foreach (var letter in name)
        {
            if (char.IsAsciiLetterUpper(letter) && text.Length > 0) text.Append('_');
            text.Append(char.ToLowerInvariant(letter));
        }
        return text.ToString();
    }
}
