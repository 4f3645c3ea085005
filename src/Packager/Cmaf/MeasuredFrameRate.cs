using System.Numerics;
using Movento.Packager.Presentations;
using Movento.Packager.Tracks;

namespace Movento.Packager.Cmaf;

/// <summary>Frames a second, from the samples' durations.</summary>
internal static class MeasuredFrameRate
{
    /// <summary>
    /// Where every picture but the last lasts equally long: exactly one over that. Else the average over the whole track, to a
    /// thousandth of a frame.
    /// </summary>
    public static FrameRate Of(SourceTrack track)
    {
        var samples = track.Samples.Span;
        var total = 0L;
        var isConstant = true;
        for (var index = 0; index < samples.Length; index++)
        {
            total += samples[index].Duration;
            isConstant &= samples[index].Duration == samples[0].Duration || index == samples.Length - 1;
        }

        if (isConstant)
            return Reduce(track.Media.Timescale, samples[0].Duration);
        var thousandths = ((BigInteger)samples.Length * track.Media.Timescale * 1000 + total / 2) / total;
        return Reduce((long)BigInteger.Max(1, thousandths), 1000);
    }

    private static FrameRate Reduce(long numerator, long denominator)
    {
        var divisor = (long)BigInteger.GreatestCommonDivisor(numerator, denominator);
        return new FrameRate(numerator / divisor, denominator / divisor);
    }
}
