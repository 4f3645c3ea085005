using Movento.Edge.Delivery;
using Movento.Packager.Presentations;

namespace Movento.Edge.Tests.Delivery;

public class SegmentBoundariesTests
{
    private static readonly SegmentBoundaries Boundaries = new(
        new ByteRange(0, 80), [new Segment(100, 50, 0, 4), new Segment(150, 30, 4, 4), new Segment(180, 20, 8, 4)]);

    [Theory]
    [InlineData(0, 80, 100, 50)] // the header
    [InlineData(0, 100, 100, 50)]
    [InlineData(100, 50, 150, 30)]
    [InlineData(120, 30, 150, 30)] // the rest of a segment
    [InlineData(0, 180, 180, 20)] // two at once
    public void After_WhatEndsAtASegment_IsTheNext(long offset, long size, long next, long nextSize)
    {
        Assert.Equal(new ByteRange(next, nextSize), Boundaries.After(new ByteRange(offset, size)));
    }

    [Theory]
    [InlineData(0, 10)]
    [InlineData(100, 10)]
    [InlineData(180, 20)]
    [InlineData(0, 200)]
    [InlineData(180, 1000)]
    public void After_WhatEndsElsewhere_IsNothing(long offset, long size)
    {
        Assert.Null(Boundaries.After(new ByteRange(offset, size)));
    }
}
