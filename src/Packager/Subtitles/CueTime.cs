using System.Buffers.Text;

namespace Movento.Packager.Subtitles;

/// <summary>The times of WebVTT (W3C WebVTT §4.2.1) and SubRip, in milliseconds.</summary>
internal static class CueTime
{
    private const int MaxHourDigits = 5;

    /// <summary>Reads <c>[hours:]minutes:seconds.milliseconds</c> from the front: two digits each, three of milliseconds, two or more of hours.</summary>
    public static bool TryReadWebVtt(ref ReadOnlySpan<byte> text, out long milliseconds)
    {
        milliseconds = 0;
        long hours = 0;
        if (!TryReadDigits(ref text, MaxHourDigits, out var first, out var firstCount) || firstCount < 2 || !TryTake(ref text, ':')
            || !TryReadDigits(ref text, 2, out var second, out var secondCount) || secondCount != 2)
            return false;
        var (minutes, seconds) = (first, second);
        if (TryTake(ref text, ':'))
        {
            hours = first;
            minutes = second;
            if (!TryReadDigits(ref text, 2, out seconds, out var count) || count != 2)
                return false;
        }
        else if (firstCount != 2)
        {
            return false;
        }

        if (!TryTake(ref text, '.') || !TryReadDigits(ref text, 3, out var thousandths, out var digits) || digits != 3)
            return false;
        return TryCompose(hours, minutes, seconds, thousandths, out milliseconds);
    }

    /// <summary>Reads <c>hours:minutes:seconds,milliseconds</c> from the front, as people and programs write it: a point, fewer digits, no milliseconds.</summary>
    public static bool TryReadSubRip(ref ReadOnlySpan<byte> text, out long milliseconds)
    {
        milliseconds = 0;
        if (!TryReadDigits(ref text, MaxHourDigits, out var hours, out _) || !TryTake(ref text, ':')
            || !TryReadDigits(ref text, 2, out var minutes, out _) || !TryTake(ref text, ':')
            || !TryReadDigits(ref text, 2, out var seconds, out _))
            return false;
        long thousandths = 0;
        if (TryTake(ref text, ',') || TryTake(ref text, '.') || TryTake(ref text, ':'))
        {
            if (!TryReadDigits(ref text, 9, out thousandths, out var digits))
                return false;
            for (; digits > 3; digits--)
                thousandths /= 10;
        }

        return TryCompose(hours, minutes, seconds, thousandths, out milliseconds);
    }

    /// <summary>Writes <c>hours:minutes:seconds.milliseconds</c>, with two digits of hours or more.</summary>
    /// <returns>How many bytes; at most 20.</returns>
    public static int Write(Span<byte> output, long milliseconds)
    {
        var position = 0;
        Number(output, milliseconds / 3_600_000, 2, ':');
        Number(output, milliseconds / 60_000 % 60, 2, ':');
        Number(output, milliseconds / 1000 % 60, 2, '.');
        Utf8Formatter.TryFormat(milliseconds % 1000, output[position..], out var written, new('D', 3));
        return position + written;

        void Number(Span<byte> output, long value, byte digits, char separator)
        {
            Utf8Formatter.TryFormat(value, output[position..], out var written, new('D', digits));
            position += written;
            output[position++] = (byte)separator;
        }
    }

    /// <summary>The bytes that <see cref="Write"/> needs.</summary>
    public const int MaxSize = 20;

    /// <summary>In whole milliseconds, rounded.</summary>
    public static long Milliseconds(TimeSpan time) => (time.Ticks + TimeSpan.TicksPerMillisecond / 2) / TimeSpan.TicksPerMillisecond;

    private static bool TryCompose(long hours, long minutes, long seconds, long thousandths, out long milliseconds)
    {
        milliseconds = ((hours * 60 + minutes) * 60 + seconds) * 1000 + thousandths;
        return minutes < 60 && seconds < 60 && milliseconds <= SubtitleLimits.MaxTime.Ticks / TimeSpan.TicksPerMillisecond;
    }

    private static bool TryReadDigits(ref ReadOnlySpan<byte> text, int most, out long value, out int count)
    {
        (value, count) = (0, 0);
        while (count < text.Length && text[count] is >= (byte)'0' and <= (byte)'9')
        {
            if (count == most)
                return false;
            value = value * 10 + (text[count++] - '0');
        }

        text = text[count..];
        return count > 0;
    }

    private static bool TryTake(ref ReadOnlySpan<byte> text, char wanted)
    {
        if (text.IsEmpty || text[0] != wanted)
            return false;
        text = text[1..];
        return true;
    }
}
