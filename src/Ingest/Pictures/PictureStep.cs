using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using Movento.Ingest.Encode;
using Movento.Ingest.Publish;
using Movento.Ingest.Tools;
using Movento.Packager;
using Movento.Packager.Pictures;
using Movento.Packager.Presentations;

namespace Movento.Ingest.Pictures;

/// <summary>Thumbnails and still pictures, from their ffmpeg run to what is published. A film without them is still a film.</summary>
internal sealed partial class PictureStep(IngestOptions options, ToolRunner tools, ILogger<PictureStep> logger)
{
    // Key frames of a small rung decode some hundred times faster than they play.
    private static readonly TimeSpan TimeLimit = TimeSpan.FromMinutes(2);
    private const double TimePerMediaTime = 0.1;

    // One JPEG of a hundred thumbnails has about 300 KB.
    private const int MaxThumbnailsSize = 16 << 20;

    /// <summary>Runs ffmpeg over the first rung.</summary>
    /// <param name="encode">Of a film with pictures.</param>
    /// <param name="name">The rung's file in <paramref name="folder"/>.</param>
    /// <param name="folder">That the tool works in.</param>
    /// <param name="cancellationToken">Kills it.</param>
    /// <returns>What was run, or null where it failed.</returns>
    public async Task<PicturePlan?> MakeAsync(EncodePlan encode, string name, string folder, CancellationToken cancellationToken)
    {
        var plan = PicturePlan.For(encode.Ladder.First!, name, encode.Facts.Duration, options);
        var failure = await tools.TryRunAsync(new ToolRun
        {
            Tool = options.FfmpegPath,
            Arguments = plan.Arguments,
            Folder = folder,
            TimeLimit = TimeLimit + encode.Facts.Duration * TimePerMediaTime,
            MemoryBytes = options.ToolMemoryBytes,
            Niceness = options.ToolNiceness,
        }, isMade: null, cancellationToken);
        if (failure is null) return plan;
        Log.NoPictures(logger, failure);
        return null;
    }

    /// <summary>Packages what <see cref="MakeAsync"/> made, and measures it.</summary>
    /// <param name="duration">Of the film.</param>
    /// <returns>The track of still pictures and the thumbnails; null for what is not as it should be.</returns>
    public async Task<(PackagedOutput? Stills, PackagedThumbnails? Thumbnails)> PackageAsync(
        PicturePlan plan, TimeSpan duration, string folder, CancellationToken cancellationToken)
    {
        try
        {
            var path = Path.Combine(folder, "i0.cmaf");
            Rendition rendition;
            await using (var source = File.OpenRead(Path.Combine(folder, PicturePlan.StillsName)))
            await using (var destination = File.Create(path))
            {
                rendition = await StillPicturePackager.PackageAsync(
                    source, destination,
                    new StillPictureSettings { Interval = plan.Interval, Duration = duration, SegmentDuration = options.SegmentDuration },
                    cancellationToken);
            }
            return (new PackagedOutput(rendition, path), await MeasureAsync(plan, (int)rendition.SampleCount, duration, folder, cancellationToken));
        }
        catch (MediaFormatException exception)
        {
            Log.NoPictures(logger, exception.Message);
            return (null, null);
        }
    }

    private async Task<PackagedThumbnails?> MeasureAsync(PicturePlan plan, int count, TimeSpan duration, string folder, CancellationToken cancellationToken)
    {
        var perFile = plan.Columns * plan.Rows;
        var paths = new List<string>();
        var sizes = ImmutableArray.CreateBuilder<long>();
        for (var number = 1; number <= (count + perFile - 1) / perFile; number++)
        {
            var path = Path.Combine(folder, PicturePlan.ThumbnailsName(number));
            if (!File.Exists(path) || new FileInfo(path).Length > MaxThumbnailsSize)
            {
                Log.NoPictures(logger, $"{count} pictures do not have their thumbnails in file {number}.");
                return null;
            }
            var bytes = await File.ReadAllBytesAsync(path, cancellationToken);
            var picture = JpegPicture.Read(bytes);
            if ((picture.Width, picture.Height, picture.Length) != (plan.Width * plan.Columns, plan.Height * plan.Rows, bytes.Length))
            {
                Log.NoPictures(logger, $"File {number} of the thumbnails is {picture.Width} by {picture.Height}.");
                return null;
            }
            paths.Add(path);
            sizes.Add(bytes.Length);
        }
        var tiles = new ThumbnailTiles(plan.Width, plan.Height, plan.Columns, plan.Rows, plan.Interval, count, sizes.DrainToImmutable());
        if (tiles.FileDuration * paths.Count >= duration) return new PackagedThumbnails(tiles, paths);
        // An MPD would name a file for each stretch of the film (DASH-IF IOP §6.2.6), and there is none for the last.
        Log.NoPictures(logger, $"The pictures end {duration - tiles.FileDuration * paths.Count} before the film does.");
        return null;
    }

    private static partial class Log
    {
        [LoggerMessage(3721, LogLevel.Warning, "Thumbnails or still pictures could not be made: {Detail}")]
        public static partial void NoPictures(ILogger logger, string detail);
    }
}
