using Movento.Ingest.Ladder;
using Movento.Ingest.Pictures;

namespace Movento.Ingest.Tests.Pictures;

public sealed class PicturePlanTests
{
    private static readonly Rung Rung = new("v360", 640, 360, 1);

    [Theory]
    // Two seconds, until there would be more than a thousand pictures; always whole steps from key frame to key frame.
    [InlineData(0.5, 2, 2, 1, 1)]
    [InlineData(7, 2, 2, 4, 1)]
    [InlineData(6, 2, 2, 4, 1)]
    [InlineData(60, 2, 2, 10, 2)]
    [InlineData(61, 2, 2, 10, 4)]
    [InlineData(2000, 2, 2, 10, 9)]
    [InlineData(7200, 2, 8, 10, 8)]
    [InlineData(43200, 2, 44, 10, 10)]
    [InlineData(60, 1.5, 3, 11, 1)]
    [InlineData(60, 5, 5, 10, 2)]
    public void Plan_OfADuration_HasThisIntervalAndGrid(double seconds, double keyframes, double interval, int columns, int rows)
    {
        var options = new IngestOptions { KeyframeInterval = TimeSpan.FromSeconds(keyframes) };
        var plan = PicturePlan.For(Rung, "first.mp4", TimeSpan.FromSeconds(seconds), options);
        Assert.Equal((interval, columns, rows), (plan.Interval.TotalSeconds, plan.Columns, plan.Rows));
        // As many files for the film as for one that is a little longer.
        var perFile = interval * columns * rows;
        Assert.Equal(Math.Ceiling(seconds / perFile), Math.Ceiling((seconds + 0.1) / perFile));
        Assert.True(seconds / interval <= 1000, $"{seconds / interval} pictures");
    }

    [Theory]
    [InlineData(416, 234, 160, 90)]
    [InlineData(234, 416, 90, 160)]
    [InlineData(64, 64, 64, 64)]
    [InlineData(2, 4, 2, 4)]
    public void Thumbnail_OfARung_KeepsItsShapeAndIsNeverLarger(int width, int height, int expectedWidth, int expectedHeight)
    {
        var plan = PicturePlan.For(new Rung("v", width, height, 1), "first.mp4", TimeSpan.FromSeconds(10), new IngestOptions());
        Assert.Equal((expectedWidth, expectedHeight), (plan.Width, plan.Height));
    }
}
