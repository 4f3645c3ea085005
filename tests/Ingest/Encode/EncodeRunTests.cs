using Movento.Ingest.Encode;
using Movento.Ingest.Ladder;
using Movento.Ingest.Tests.Ladder;

namespace Movento.Ingest.Tests.Encode;

public sealed class EncodeRunTests
{
    private const int MiB = 1 << 20;

    [Theory]
    // source, codecs, MiB of an encode, cut into chunks, processors → each run's rungs, threads and places
    [InlineData(1280, 720, "h264", 512, true, 2, "v234 v360 v540 v720 ×1 =1")]
    [InlineData(1920, 1080, "h264", 512, true, 2, "v234 v360 v540 v720 v1080 ×1 =1")]
    [InlineData(2560, 1440, "h264", 512, true, 2, "v234 v360 v540 v720 v1080 v1440 ×2 =2")]
    [InlineData(3840, 2160, "h264", 512, true, 2, "v540 v720 v1080 v1440 ×2 =2 | v234 v360 v2160 ×2 =2")]
    // Whoever has the memory gives it; the number of processors changes nothing.
    [InlineData(3840, 2160, "h264", 4096, true, 2, "v234 v360 v540 v720 v1080 v1440 v2160 ×1 =1")]
    [InlineData(3840, 2160, "h264", 512, true, 64, "v540 v720 v1080 v1440 ×2 =2 | v234 v360 v2160 ×2 =2")]
    // What no thread makes fit has one, and the machine to itself.
    [InlineData(3840, 2160, "h264", 128, true, 2, "v234 ×2 =2 | v360 ×2 =2 | v540 ×2 =2 | v720 ×3 =3 | v1080 ×4 =4 | v1440 ×6 =6 | v2160 ×1 =6")]
    [InlineData(1920, 1080, "h264,hevc", 512, true, 2, "v234 v360 v540 v234-hevc v360-hevc ×1 =1 | v720 v1080 v540-hevc v720-hevc v1080-hevc ×2 =2")]
    [InlineData(1920, 1080, "h264,av1", 512, true, 2, "v360 v540 v720 v234-av1 ×1 =1 | v234 v1080 v360-av1 v540-av1 v720-av1 v1080-av1 ×2 =2")]
    // Not cut: all processors, or as many threads as there is room for.
    [InlineData(1280, 720, "h264", 512, false, 2, "v234 v360 v540 v720 ×0 =1")]
    [InlineData(1920, 1080, "h264", 512, false, 2, "v234 v360 v540 v720 v1080 ×0 =2")]
    [InlineData(1920, 1080, "h264", 512, false, 64, "v234 v360 v540 v720 v1080 ×0 =9")]
    [InlineData(3840, 2160, "h264", 512, false, 2, "v540 v720 v1080 v1440 ×2 =2 | v234 v360 v2160 ×2 =2")]
    public void Ladder_OfASize_IsMadeByTheseRuns(int width, int height, string codecs, int memory, bool isCut, int processors, string expected)
    {
        var options = new IngestOptions { Ladder = "fixed", Codecs = codecs, EncodeMemoryBytes = (long)memory * MiB };
        var video = LadderRulesTests.Video(width, height);
        var runs = EncodeRun.For(video, LadderRules.For(video, options), isCut, processors, options);
        Assert.Equal(expected, string.Join(" | ", runs.Select(run => $"{string.Join(' ', run.Rungs)} ×{run.Threads} ={run.Places}")));
    }

    [Fact]
    public void Ladder_OfAnySize_IsMadeOnceAndFitsWhereItsHighestRungDoes()
    {
        foreach (var codecs in (string[])["h264", "h264,hevc", "h264,hevc,av1"])
        {
            foreach (var side in (int[])[2, 144, 480, 720, 1080, 1440, 2160, 4320])
            {
                foreach (var memory in (long[])[128, 512, 4096])
                {
                    var options = new IngestOptions { Ladder = "fixed", Codecs = codecs, EncodeMemoryBytes = memory * MiB };
                    var video = LadderRulesTests.Video(side * 16 / 9, side);
                    var ladder = LadderRules.For(video, options);
                    foreach (var isCut in (bool[])[true, false])
                    {
                        var runs = EncodeRun.For(video, ladder, isCut, processors: 4, options);
                        Assert.Equal(ladder.Rungs.Select(rung => rung.Id).Order(), runs.SelectMany(run => run.Rungs).Order());
                        Assert.All(runs, run => Assert.NotEmpty(run.Rungs));
                        // No more memory than so many encodes have, but for a run of a single rung that has to take it.
                        Assert.All(runs, run => Assert.True(run.Rungs.Count == 1 || run.Places <= Math.Max(isCut ? 1 : 4, runs.Max(other => other.Threads)), $"{side} {memory} {run}"));
                    }
                }
            }
        }
    }
}
