using System.Collections.Immutable;

namespace Movento.Packager.Presentations;

/// <summary>
/// Small pictures of the film at a regular distance, in JPEGs of several: <c>thumbnails/1.jpg</c> and so on. For DASH (tiles, DASH-IF IOP §6.2.6) and
/// for pages (WebVTT with <c>#xywh=</c>).
/// </summary>
/// <param name="Width">Of one picture, in pixels.</param>
/// <param name="Height">Of one picture, in pixels.</param>
/// <param name="Columns">Pictures side by side in a file.</param>
/// <param name="Rows">Rows of pictures in a file. The last file is as large as the others.</param>
/// <param name="Interval">From one picture to the next; the first is of presentation time zero.</param>
/// <param name="Count">How many pictures.</param>
/// <param name="Sizes">The bytes of each file.</param>
public sealed record ThumbnailTiles(int Width, int Height, int Columns, int Rows, TimeSpan Interval, int Count, ImmutableArray<long> Sizes)
{
    /// <summary>Pictures in one file.</summary>
    public int PicturesPerFile => Columns * Rows;

    /// <summary>How long one file lasts.</summary>
    public TimeSpan FileDuration => Interval * PicturesPerFile;
}
