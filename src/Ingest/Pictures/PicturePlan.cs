using System.Globalization;
using Movento.Ingest.Ladder;
using Movento.Ingest.Tools;

namespace Movento.Ingest.Pictures;

/// <summary>
/// One ffmpeg run over the key frames of an encoded rung, which makes the still pictures of trick play and the thumbnails: upright, square pixels,
/// standard range, and not untrusted, as the rung is.
/// </summary>
internal sealed record PicturePlan
{
    // Apple's example streams and those of DASH-IF are about as wide; twice as many pixels a picture are twice the bytes of each.
    private const int StillSide = 320;
    private const int ThumbnailSide = 160;

    // A bar on a screen has some hundreds of pixels to point at.
    private const int MaxPictures = 1000;
    private const int MaxTilesPerSide = 10;
    private static readonly TimeSpan LeastInterval = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Overhang = TimeSpan.FromMilliseconds(100);

    /// <summary>The JPEGs of trick play one after another.</summary>
    public const string StillsName = "stills.mjpeg";

    /// <summary>From one picture to the next; whole milliseconds.</summary>
    public required TimeSpan Interval { get; init; }

    /// <summary>Of a thumbnail, in pixels.</summary>
    public required int Width { get; init; }

    /// <summary>Of a thumbnail, in pixels.</summary>
    public required int Height { get; init; }

    /// <summary>Thumbnails side by side in a file.</summary>
    public required int Columns { get; init; }

    /// <summary>Rows of thumbnails in a file.</summary>
    public required int Rows { get; init; }

    /// <summary>Everything after the tool's name.</summary>
    public required IReadOnlyList<string> Arguments { get; init; }

    /// <summary>The name of a file of thumbnails, from 1.</summary>
    public static string ThumbnailsName(int number) => string.Create(CultureInfo.InvariantCulture, $"thumbnails-{number}.jpg");

    /// <summary>Decides the run. Pure.</summary>
    /// <param name="rung">That they are made of.</param>
    /// <param name="name">Its file.</param>
    /// <param name="duration">Of the pictures.</param>
    /// <param name="options">How far key frames are apart.</param>
    public static PicturePlan For(Rung rung, string name, TimeSpan duration, IngestOptions options)
    {
        // Whole steps from key frame to key frame: then every picture is of its own time, to the nearest key frame.
        var least = TimeSpan.FromTicks(Math.Max(LeastInterval.Ticks, duration.Ticks / MaxPictures));
        var steps = (least.Ticks + options.KeyframeInterval.Ticks - 1) / options.KeyframeInterval.Ticks;
        var milliseconds = (long)(steps * options.KeyframeInterval).TotalMilliseconds;
        var count = Math.Max(1, (int)Math.Ceiling(duration.TotalMilliseconds / milliseconds));
        var columns = Math.Min(count, MaxTilesPerSide);
        var rows = Math.Min((count + columns - 1) / columns, MaxTilesPerSide);
        // A file less would be named than is asked for where the sound goes on for a moment after the pictures (an access unit is padded at its end).
        while (FilesOf(duration, milliseconds * columns * rows) != FilesOf(duration + Overhang, milliseconds * columns * rows))
            (columns, rows) = rows > 1 ? (columns, rows - 1) : (columns + 1, rows);
        var (stillWidth, stillHeight) = Fit(rung, StillSide);
        var (width, height) = Fit(rung, ThumbnailSide);
        return new PicturePlan
        {
            Interval = TimeSpan.FromMilliseconds(milliseconds),
            Width = width,
            Height = height,
            Columns = columns,
            Rows = rows,
            Arguments =
            [
                // copyts: pictures that begin later than time zero stay later.
                "-hide_banner", "-nostdin", "-nostats", "-loglevel", "error", "-copyts", "-skip_frame", "nokey",
                .. UntrustedInput.DecodingArguments(name, options.MaxPixels),
                "-filter_complex",
                string.Create(CultureInfo.InvariantCulture,
                    $"[0:v]fps=1000/{milliseconds}:start_time=0:round=near:eof_action=pass,split[s][t];")
                    + string.Create(CultureInfo.InvariantCulture, $"[s]scale={stillWidth}:{stillHeight}:out_range=pc,setsar=1,format=yuvj420p[stills];")
                    + string.Create(CultureInfo.InvariantCulture, $"[t]scale={width}:{height}:out_range=pc,setsar=1,format=yuvj420p,tile={columns}x{rows}[tiles]"),
                "-map", "[stills]", "-map_metadata", "-1", "-c:v", "mjpeg", "-q:v", "5", "-f", "mjpeg", "-y", $"file:{StillsName}",
                "-map", "[tiles]", "-map_metadata", "-1", "-c:v", "mjpeg", "-q:v", "5", "-f", "image2", "-y", "file:thumbnails-%d.jpg",
            ],
        };
    }

    private static long FilesOf(TimeSpan duration, long milliseconds) => (long)Math.Ceiling(duration.TotalMilliseconds / milliseconds);

    private static (int Width, int Height) Fit(Rung rung, int side)
    {
        var scale = Math.Min(1, (double)side / Math.Max(rung.Width, rung.Height));
        return (Even(rung.Width * scale), Even(rung.Height * scale));
    }

    private static int Even(double pixels) => Math.Max(2, (int)Math.Round(pixels / 2) * 2);
}
