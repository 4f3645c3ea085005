using Movento.Edge.Delivery;
using Movento.Harness;
using Movento.Packager.Presentations;

namespace Movento.Edge.Tests.Delivery;

public class RangeHeaderTests
{
    private const long Length = 1000;

    [Theory]
    [InlineData("bytes=0-0", "0+1")]
    [InlineData("bytes=0-499", "0+500")]
    [InlineData("bytes=500-999", "500+500")]
    [InlineData("bytes=999-", "999+1")]
    [InlineData("bytes=0-", "0+1000")]
    [InlineData("bytes=0-1000", "0+1000")]
    [InlineData("bytes=990-99999999999999999999999999", "990+10")]
    [InlineData("bytes=-1", "999+1")]
    [InlineData("bytes=-1000", "0+1000")]
    [InlineData("bytes=-99999999999999999999999999", "0+1000")]
    [InlineData("BYTES=1-2", "1+2")]
    [InlineData(" bytes=1-2\t", "1+2")]
    [InlineData("bytes=0-1,5-6", "0+2 5+2")]
    [InlineData("bytes=5-6 \t, \t0-1", "5+2 0+2")]
    [InlineData("bytes=,,0-1, ,-1,", "0+2 999+1")]
    [InlineData("bytes=0-1,1000-,2-3", "0+2 2+2")]
    [InlineData("bytes=0-1,-0", "0+2")]
    [InlineData("bytes=00-01", "0+2")]
    public void Parse_WhatCanBeServed_YieldsTheRanges(string value, string expected)
    {
        var (request, ranges) = Parse(value);
        Assert.Equal(RangeRequest.Satisfiable, request);
        Assert.Equal(expected, string.Join(' ', ranges.Select(range => $"{range.Offset}+{range.Size}")));
    }

    [Theory]
    [InlineData("bytes=1000-", nameof(RangeRequest.Unsatisfiable))]
    [InlineData("bytes=1000-2000,5000-", nameof(RangeRequest.Unsatisfiable))]
    [InlineData("bytes=-0", nameof(RangeRequest.Unsatisfiable))]
    [InlineData("bytes=99999999999999999999999999-", nameof(RangeRequest.Unsatisfiable))]
    [InlineData("items=0-1", nameof(RangeRequest.Ignored))]
    [InlineData("bytes =0-1", nameof(RangeRequest.Ignored))]
    [InlineData("=0-1", nameof(RangeRequest.Ignored))]
    [InlineData("", nameof(RangeRequest.Malformed))]
    [InlineData("bytes", nameof(RangeRequest.Malformed))]
    [InlineData("bytes=", nameof(RangeRequest.Malformed))]
    [InlineData("bytes=,", nameof(RangeRequest.Malformed))]
    [InlineData("bytes=-", nameof(RangeRequest.Malformed))]
    [InlineData("bytes=1", nameof(RangeRequest.Malformed))]
    [InlineData("bytes=2-1", nameof(RangeRequest.Malformed))]
    [InlineData("bytes=a-b", nameof(RangeRequest.Malformed))]
    [InlineData("bytes=0x0-1", nameof(RangeRequest.Malformed))]
    [InlineData("bytes=+0-1", nameof(RangeRequest.Malformed))]
    [InlineData("bytes=0-1-2", nameof(RangeRequest.Malformed))]
    [InlineData("bytes=--1", nameof(RangeRequest.Malformed))]
    [InlineData("bytes= 0 - 1", nameof(RangeRequest.Malformed))]
    [InlineData("bytes=0-1;5-6", nameof(RangeRequest.Malformed))]
    [InlineData("bytes=0-1,x", nameof(RangeRequest.Malformed))]
    [InlineData("bytes=٠-١", nameof(RangeRequest.Malformed))]
    [InlineData("bytes=0-,0-", nameof(RangeRequest.Excessive))]
    [InlineData("bytes=0-998,-2", nameof(RangeRequest.Excessive))]
    [InlineData("bytes=0-0,1-1,2-2,3-3,4-4", nameof(RangeRequest.Excessive))]
    public void Parse_WhatCannotBeServed_SaysWhy(string value, string expected)
    {
        var (request, ranges) = Parse(value);
        Assert.Equal(expected, request.ToString());
        Assert.Empty(ranges);
    }

    [Theory]
    [InlineData("bytes=0-")]
    [InlineData("bytes=-5")]
    public void Parse_AnEmptyRepresentation_HasNothing(string value) =>
        Assert.Equal(RangeRequest.Unsatisfiable, RangeHeader.Parse(value, 0, new ByteRange[4], out _));

    [Fact]
    public void Parse_RandomText_NeverLeavesTheRepresentation()
    {
        // A fixed seed: a failure repeats itself.
        var random = new Random(7);
        const string letters = "bytes=0123456789-, \t";
        var ranges = new ByteRange[4];
        for (var round = 0; round < 100_000; round++)
        {
            var value = (round % 2 == 0 ? "bytes=" : "") + string.Concat(
                Enumerable.Range(0, random.Next(24)).Select(_ => letters[random.Next(letters.Length)]));
            var request = RangeHeader.Parse(value, Length, ranges, out var count);
            Assert.Equal(request == RangeRequest.Satisfiable, count > 0);
            foreach (var range in ranges.AsSpan(0, count))
                Assert.True(range.Offset >= 0 && range.Size > 0 && range.Offset + range.Size <= Length, value);
        }
    }

    [Fact]
    public void Parse_ARange_AllocatesNothing()
    {
        var ranges = new ByteRange[4];
        Assert.Equal(0, Allocations.Of(() => RangeHeader.Parse("bytes=1-2, 5-6", Length, ranges, out _)));
    }

    private static (RangeRequest Request, ByteRange[] Ranges) Parse(string value)
    {
        var ranges = new ByteRange[4];
        var request = RangeHeader.Parse(value, Length, ranges, out var count);
        return (request, ranges[..count]);
    }
}
