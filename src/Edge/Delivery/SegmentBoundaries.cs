using System.Collections.Immutable;
using Movento.Packager.Presentations;

namespace Movento.Edge.Delivery;

/// <summary>Where the segments of a file begin and end, one behind the other.</summary>
internal sealed class SegmentBoundaries
{
    private readonly long _headerEnd;
    private readonly long[] _boundaries;

    /// <param name="initialization">The header, before the segments.</param>
    /// <param name="segments">In their order in the file; at least one.</param>
    public SegmentBoundaries(ByteRange initialization, ImmutableArray<Segment> segments)
    {
        _headerEnd = initialization.Offset + initialization.Size;
        _boundaries = [.. segments.Select(segment => segment.Offset), segments[^1].Offset + segments[^1].Size];
    }

    /// <summary>Bytes that this keeps in memory, about.</summary>
    public long Bytes => 8L * _boundaries.Length;

    /// <summary>
    /// The segment that a player asks for after <paramref name="range"/>: the one that begins where it ends, or the first after the header; null where it ends
    /// within a segment or with the last.
    /// </summary>
    public ByteRange? After(ByteRange range)
    {
        var end = range.Offset + range.Size;
        var next = end < _boundaries[0] && end >= _headerEnd ? 0 : Array.BinarySearch(_boundaries, end);
        return next >= 0 && next < _boundaries.Length - 1 ? new ByteRange(_boundaries[next], _boundaries[next + 1] - _boundaries[next]) : null;
    }
}
