using Movento.Packager.Presentations;

namespace Movento.Edge.Delivery;

/// <summary>
/// Texts of Content-Range (RFC 9110 §14.4), kept: players ask for the same ranges, those of segments, over and over. A table of fixed size without locks,
/// in which what falls on the same place replaces what was there.
/// </summary>
internal static class ContentRangeTexts
{
    // The segments of a dozen films in every rung; 1 MB with their texts when full.
    private const int Places = 8192;

    private static readonly Entry?[] Table = new Entry?[Places];

    /// <summary>The text for some bytes of <paramref name="length"/>.</summary>
    public static string Of(ByteRange range, long length)
    {
        ref var place = ref Table[(uint)HashCode.Combine(range.Offset, range.Size, length) % Places];
        var entry = Volatile.Read(ref place);
        if (entry is not null && entry.Range == range && entry.Length == length) return entry.Text;
        entry = new Entry(range, length, MultipartByteRanges.ContentRange(range, length));
        Volatile.Write(ref place, entry);
        return entry.Text;
    }

    private sealed record Entry(ByteRange Range, long Length, string Text);
}
