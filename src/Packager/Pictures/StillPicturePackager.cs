using Movento.Packager.Cmaf;
using Movento.Packager.IsoBmff.Boxes;
using Movento.Packager.Presentations;
using Movento.Packager.Tracks;
using Movento.Packager.Tracks.SampleEntries;

namespace Movento.Packager.Pictures;

/// <summary>Turns JPEGs into a track of still pictures for trick play (docs/decisions/0004-still-pictures.md).</summary>
public static class StillPicturePackager
{
    // Milliseconds: an interval is a whole number of them.
    private const uint Timescale = 1000;

    // A second each for eighteen hours.
    private const int MaxPictures = Sidx.MaxReferences;
    private const int FirstBufferSize = 256 << 10;
    private const int MaxPictureSize = 8 << 20;

    /// <summary>Writes a CMAF track file in which every picture is a fragment of its own and a sync sample.</summary>
    /// <param name="source">JPEGs one after another, as <c>ffmpeg -f mjpeg</c> writes them; all of one size in pixels. Seekable.</param>
    /// <param name="destination">Written front to back.</param>
    /// <param name="settings">What becomes of them.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <returns>The rendition, everything in it measured from the bytes written; <see cref="Rendition.AccessPoints"/> names every picture.</returns>
    /// <exception cref="MediaFormatException">A picture is no JPEG, not whole, or of another size; nothing was written then.</exception>
    public static async Task<Rendition> PackageAsync(
        Stream source, Stream destination, StillPictureSettings settings, CancellationToken cancellationToken)
    {
        var interval = settings.Interval.Ticks / TimeSpan.TicksPerMillisecond;
        var end = (settings.Duration.Ticks + TimeSpan.TicksPerMillisecond - 1) / TimeSpan.TicksPerMillisecond;
        if (interval is < 1 or > uint.MaxValue || settings.Interval.Ticks % TimeSpan.TicksPerMillisecond != 0)
            throw new ArgumentException($"The interval {settings.Interval} is not a whole number of milliseconds from 1.");
        if (end < 1)
            throw new ArgumentException($"The presentation's duration {settings.Duration} is not above zero.");
        var cmaf = new CmafSettings { Id = settings.Id, Kind = TrackKind.Image, SegmentDuration = settings.SegmentDuration };
        cmaf.ThrowIfInvalid();

        using var track = new SourceTrack(source.Length) { Media = new Mdhd(Timescale, 0, Mdhd.Undetermined) };
        var size = await ReadPicturesAsync(source, track.Samples, interval, end, cancellationToken).ConfigureAwait(false);
        track.Header = new Tkhd(HeaderWriter.TrackId, 0, 0, Matrix.Identity, (uint)size.Width << 16, (uint)size.Height << 16);
        track.Entry = new SampleEntry
        {
            Codecs = "mjpg",
            Box = StillPictureSampleEntry.Write(size.Width, size.Height),
            Video = new VideoFormat(size.Width, size.Height, default, VideoRange.Sdr),
        };
        return await CmafPackager.WriteAsync(track, source, destination, cmaf, progress: null, cancellationToken).ConfigureAwait(false);
    }

    private static async Task<JpegPicture> ReadPicturesAsync(
        Stream source, SampleList samples, long interval, long end, CancellationToken cancellationToken)
    {
        JpegPicture first = default;
        var buffer = new byte[FirstBufferSize];
        for (var (offset, length) = (0L, source.Length); offset < length;)
        {
            var start = samples.Count * interval;
            if (start >= end)
                break;
            if (samples.Count == MaxPictures)
                throw new MediaFormatException(MediaFormatError.TooLarge, "jpeg", offset, $"There are more than {MaxPictures} pictures.");
            JpegPicture picture;
            (picture, buffer) = await ReadPictureAsync(source, offset, buffer, cancellationToken).ConfigureAwait(false);
            if (samples.Count == 0)
                first = picture;
            else if ((picture.Width, picture.Height) != (first.Width, first.Height))
                throw new MediaFormatException(MediaFormatError.Invalid, "jpeg", offset, $"Picture {samples.Count + 1} is {picture.Width} by {picture.Height}, the first {first.Width} by {first.Height}.");

            ref var sample = ref samples.Add();
            sample.Offset = offset;
            sample.Size = (uint)picture.Length;
            sample.Duration = (uint)Math.Min(interval, end - start);
            sample.IsSync = true;
            offset += picture.Length;
        }

        if (samples.Count == 0)
            throw new MediaFormatException(MediaFormatError.Missing, "jpeg", 0, "There is no picture.");
        ref var last = ref samples[^1];
        last.Duration = (uint)Math.Min(end - (samples.Count - 1) * interval, uint.MaxValue);
        return first;
    }

    // Mostly the first buffer holds it; else ever larger ones, so that a picture is read again a few times at most.
    private static async Task<(JpegPicture Picture, byte[] Buffer)> ReadPictureAsync(
        Stream source, long offset, byte[] buffer, CancellationToken cancellationToken)
    {
        while (true)
        {
            source.Position = offset;
            var read = await source.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellationToken).ConfigureAwait(false);
            try
            {
                return (JpegPicture.Read(buffer.AsSpan(0, read), offset), buffer);
            }
            catch (MediaFormatException error) when (error.Error == MediaFormatError.Truncated && read == buffer.Length)
            {
                if (buffer.Length >= MaxPictureSize)
                    throw new MediaFormatException(MediaFormatError.TooLarge, "jpeg", offset, $"A picture has more than {MaxPictureSize} bytes.");
                buffer = new byte[buffer.Length * 2];
            }
        }
    }
}
