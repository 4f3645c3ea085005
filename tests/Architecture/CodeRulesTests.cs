using System.Text.RegularExpressions;

namespace Movento.Architecture.Tests;

/// <summary>The habits of the house that a compiler does not hold.</summary>
public sealed partial class CodeRulesTests
{
    [Fact]
    public void Files_HaveNamesThatSaySomething() =>
        Assert.DoesNotContain(Checkout.Files, path => EmptyName().IsMatch(path));

    [Fact]
    public void Clock_IsAlwaysATimeProvider() =>
        Assert.Empty(Checkout.CodeLines("src/").Where(line => WallClock().IsMatch(line.Text)).Select(Place));

    [Fact]
    public void Tests_WaitOnConditions_NotOnTheClock() =>
        // The harness holds the one loop that polls a condition until its deadline.
        Assert.Empty(Checkout.CodeLines("tests/")
            .Where(line => Sleep().IsMatch(line.Text) && line.Path is not ("tests/Harness/Eventually.cs" or "tests/Architecture/CodeRulesTests.cs"))
            .Select(Place));

    [Fact]
    public void Code_IsFinished() =>
        Assert.Empty(Checkout.CodeLines("").Where(line => Unfinished().IsMatch(line.Text) && !line.Path.StartsWith("tests/Architecture/", StringComparison.Ordinal)).Select(Place));

    [Fact]
    public void ObjectStoreSdk_IsSeenInOneFolderOnly() =>
        Assert.Empty(Checkout.CodeLines("src/")
            .Where(line => line.Text.Contains("using Amazon", StringComparison.Ordinal) && !line.Path.StartsWith("src/Storage/S3/", StringComparison.Ordinal))
            .Select(Place));

    [Fact]
    public void StorageKeys_AreComposedInOnePlaceOnly() =>
        Assert.Empty(Checkout.CodeLines("src/")
            .Where(line => KeyLiteral().IsMatch(line.Text) && line.Path != "src/Contracts/StorageKey.cs")
            .Select(Place));

    [Fact]
    public void LogEvents_HaveAnIdOfTheirOwn_InTheirProject()
    {
        var events = Checkout.CodeLines("src/").Where(line => line.Text.Contains("[LoggerMessage", StringComparison.Ordinal))
            .Select(line => (Line: line, Id: LogEvent().Match(line.Text).Groups[1].Value)).ToArray();
        Assert.NotEmpty(events);
        // One that this does not read would escape the comparison.
        Assert.Empty(events.Where(found => found.Id.Length == 0).Select(found => Place(found.Line)));
        Assert.Empty(events.GroupBy(found => (Project: found.Line.Path.Split('/')[1], found.Id)).Where(same => same.Count() > 1)
            .SelectMany(same => same.Select(found => Place(found.Line))));
    }

    [Fact]
    public void Buses_TellTheMakersOfTheirLibraryNothing()
    {
        // MassTransit sends them a report of every installation, unless each bus is told not to.
        var lines = Checkout.CodeLines("src/").ToArray();
        var buses = lines.Where(line => line.Text.Contains(".AddMassTransit(", StringComparison.Ordinal)).Select(line => line.Path).ToArray();
        Assert.NotEmpty(buses);
        Assert.Equal(buses, lines.Where(line => line.Text.Contains(".DisableUsageTelemetry()", StringComparison.Ordinal)).Select(line => line.Path));
    }

    private static string Place((string Path, int Number, string Text) line) => $"{line.Path}:{line.Number}: {line.Text.Trim()}";

    [GeneratedRegex(@"(Utils?|Helpers?|Common|Manager|Base)\.cs$")]
    private static partial Regex EmptyName();

    [GeneratedRegex(@"DateTime(Offset)?\.(UtcNow|Now|Today)")]
    private static partial Regex WallClock();

    [GeneratedRegex(@"Thread\.Sleep|Task\.Delay\(")]
    private static partial Regex Sleep();

    [GeneratedRegex(@"NotImplementedException|TODO|FIXME|HACK|Skip *= *""")]
    private static partial Regex Unfinished();

    [GeneratedRegex(@"\[LoggerMessage\(([0-9]+), ")]
    private static partial Regex LogEvent();

    [GeneratedRegex(@"""uploads/\{|""assets/\{asset")]
    private static partial Regex KeyLiteral();
}
