using Int128 = System.Int128;
using Movento.Packager.IsoBmff;
using Movento.Packager.IsoBmff.Boxes;

namespace Movento.Packager.Tracks;

/// <summary>The edit list of a source track as far as it is packaged: nothing for a while, then one stretch of the media. In the media's ticks.</summary>
/// <param name="Delay">From presentation time zero to the stretch.</param>
/// <param name="MediaTime">The composition time at which the stretch begins; null where there is no edit list.</param>
/// <param name="Duration">Of the stretch; null for until the end.</param>
/// <param name="Tolerance">How far a rounding to the movie's ticks may move an end.</param>
public readonly record struct SourceEdit(long Delay, long? MediaTime, long? Duration, long Tolerance)
{
    /// <summary>Reads the body of an elst.</summary>
    /// <param name="box">The body.</param>
    /// <param name="movieTimescale">Of mvhd.</param>
    /// <param name="mediaTimescale">Of mdhd.</param>
    /// <exception cref="MediaFormatException">There is more than one stretch, or it is not as fast as recorded.</exception>
    public static SourceEdit Read(scoped ref BoxReader box, uint movieTimescale, uint mediaTimescale)
    {
        var list = Elst.Read(ref box);
        var edit = new SourceEdit(0, null, null, ToMedia(1, movieTimescale, mediaTimescale) + 1);
        for (var index = 0; index < list.Count; index++)
        {
            var entry = list[index];
            if (entry.Duration < 0 || entry.MediaTime < -1)
                throw box.Error(MediaFormatError.Invalid, $"Edit {index + 1} has a negative time.");
            if (entry.Duration > MaxDuration || entry.MediaTime > MaxDuration)
                throw box.Error(MediaFormatError.TooLarge, $"Edit {index + 1} has a time above {MaxDuration}.");
            if (edit.MediaTime is not null)
            {
                if (entry.MediaTime == -1)
                    continue; // nothing, after everything
                throw box.Error(MediaFormatError.Unsupported, "The edit list has more than one stretch of media; encode the track anew, as it is shown.");
            }

            if (entry.MediaTime == -1)
            {
                edit = edit with { Delay = edit.Delay + ToMedia(entry.Duration, movieTimescale, mediaTimescale) };
                continue;
            }

            if (entry.Rate != Edit.NormalRate)
                throw box.Error(MediaFormatError.Unsupported, "The edit list changes the speed; encode the track anew, as it is shown.");
            edit = edit with
            {
                MediaTime = entry.MediaTime,
                Duration = entry.Duration == 0 ? null : ToMedia(entry.Duration, movieTimescale, mediaTimescale),
            };
        }

        return edit;
    }

    // 2^48 ticks are 8900 years at 1000 a second; with the largest timescale over the smallest the product still fits after the division's check.
    private const long MaxDuration = 1L << 48;

    private static long ToMedia(long duration, uint movieTimescale, uint mediaTimescale) =>
        (long)Int128.Min(((Int128)duration * mediaTimescale + movieTimescale / 2) / movieTimescale, 1L << 60);
}
