using Movento.Packager.IsoBmff;
using Movento.Packager.IsoBmff.Boxes;

namespace Movento.Packager.Tests.IsoBmff;

/// <summary>What a box writes it reads again; and cut anywhere it says that it was cut.</summary>
public sealed class BoxRoundTripTests
{
    private delegate T Reading<out T>(ref BoxReader box);

    [Fact]
    public void Ftyp_RoundTrips() => AssertRoundTrip(
        writer => Ftyp.Write(writer, FourCC.Of("cmfc"u8), 512, FourCC.Of("iso6"u8), FourCC.Of("dash"u8)),
        (ref box) =>
        {
            var read = Ftyp.Read(ref box);
            return (read.MajorBrand.ToString(), read.MinorVersion, read.Has(FourCC.Of("dash"u8)), read.Has(FourCC.Of("avc1"u8)));
        },
        ("cmfc", 512u, true, false),
        checkCuts: false); // its length is its only count

    [Fact]
    public void Mvhd_RoundTrips() => AssertRoundTrip(new Mvhd(90000, 1L << 40, 2).Write, Mvhd.Read, new Mvhd(90000, 1L << 40, 2));

    [Fact]
    public void Tkhd_RoundTrips()
    {
        var matrix = Matrix.Identity;
        matrix[1] = -0x00010000;
        var expected = new Tkhd(7, 5_000_000_000, 0x0100, matrix, 1280 << 16, 720 << 16);
        AssertRoundTrip(
            expected.Write,
            (ref box) =>
            {
                var read = Tkhd.Read(ref box);
                return (read.TrackId, read.Duration, read.Volume, read.Matrix[0], read.Matrix[1], read.Width, read.Height);
            },
            (7u, 5_000_000_000, (ushort)0x0100, 0x00010000, -0x00010000, 1280u << 16, 720u << 16));
    }

    [Fact]
    public void Mdhd_RoundTrips() => AssertRoundTrip(new Mdhd(48000, 1L << 33, Mdhd.Undetermined).Write, Mdhd.Read, new Mdhd(48000, 1L << 33, Mdhd.Undetermined));

    [Fact]
    public void Hdlr_RoundTrips() => AssertRoundTrip(new Hdlr(Hdlr.Audio).Write, Hdlr.Read, new Hdlr(Hdlr.Audio), checkCuts: false); // its end is a name

    [Fact]
    public void Elng_RoundTrips() => AssertRoundTrip(writer => Elng.Write(writer, "de-AT"), Elng.Read, "de-AT", checkCuts: false); // its end is a text

    [Fact]
    public void Elst_RoundTrips() => AssertRoundTrip(
        writer => Elst.Write(writer, new Edit(500, -1, Edit.NormalRate), new Edit(0, 1024, Edit.NormalRate)),
        (ref box) => Elst.Read(ref box) is { Count: 2 } read ? (read[0], read[1]) : default,
        (new Edit(500, -1, Edit.NormalRate), new Edit(0, 1024, Edit.NormalRate)));

    [Fact]
    public void Dref_RoundTrips() => AssertRoundTrip(Dref.Write, Dref.ReadIsSelfContained, true, checkCuts: false); // its entries are boxes

    [Fact]
    public void Stts_RoundTrips() => AssertRoundTrip(
        writer => Stts.Write(writer, new SttsEntry(10, 512), new SttsEntry(1, 600)),
        (ref box) => Stts.Read(ref box) is { Count: 2 } read ? (read[0], read[1]) : default,
        (new SttsEntry(10, 512), new SttsEntry(1, 600)));

    [Fact]
    public void Ctts_RoundTrips() => AssertRoundTrip(
        writer => Ctts.Write(writer, new CttsEntry(3, -1024), new CttsEntry(2, 2048)),
        (ref box) => Ctts.Read(ref box) is { Count: 2 } read ? (read[0], read[1]) : default,
        (new CttsEntry(3, -1024), new CttsEntry(2, 2048)));

    [Fact]
    public void Stss_RoundTrips() => AssertRoundTrip(
        writer => Stss.Write(writer, 1, 51), (ref box) => Stss.Read(ref box) is { Count: 2 } read ? (read[0], read[1]) : default, (1u, 51u));

    [Fact]
    public void Stsz_RoundTrips() => AssertRoundTrip(
        writer => Stsz.Write(writer, 100, 200), (ref box) => Stsz.Read(ref box) is { Count: 2 } read ? (read[0], read[1]) : default, (100u, 200u));

    [Fact]
    public void Stsc_RoundTrips() => AssertRoundTrip(
        writer => Stsc.Write(writer, new StscEntry(1, 5, 1)), (ref box) => Stsc.Read(ref box) is { Count: 1 } read ? read[0] : default, new StscEntry(1, 5, 1));

    [Theory]
    [InlineData(48)]
    [InlineData(5_000_000_000)] // needs a co64
    public void Stco_RoundTrips(ulong offset) => AssertRoundTrip(
        writer => Stco.Write(writer, offset, 7), (ref box) => Stco.Read(ref box) is { Count: 2 } read ? (read[0], read[1]) : default, (offset, 7ul));

    [Fact]
    public void Mehd_RoundTrips() => AssertRoundTrip(new Mehd(1L << 40).Write, Mehd.Read, new Mehd(1L << 40));

    [Fact]
    public void Trex_RoundTrips() => AssertRoundTrip(new Trex(1, 2, 3, 4, 5).Write, Trex.Read, new Trex(1, 2, 3, 4, 5));

    [Fact]
    public void Mfhd_RoundTrips() => AssertRoundTrip(new Mfhd(9).Write, Mfhd.Read, new Mfhd(9));

    [Fact]
    public void Tfhd_RoundTrips()
    {
        var full = new Tfhd(1, 1UL << 40, 1, 512, 100, SampleFlags.NonSync, true);
        AssertRoundTrip(full.Write, Tfhd.Read, full);
        var bare = new Tfhd(1, null, null, null, null, null, false);
        AssertRoundTrip(bare.Write, Tfhd.Read, bare);
    }

    [Fact]
    public void Tfdt_RoundTrips() => AssertRoundTrip(new Tfdt(1L << 40).Write, Tfdt.Read, new Tfdt(1L << 40));

    [Fact]
    public void Trun_RoundTrips() => AssertRoundTrip(
        writer =>
        {
            var box = Trun.Begin(writer, TrunFields.SampleSize | TrunFields.CompositionOffset, 2, SampleFlags.Sync, isSigned: false, out var dataOffset);
            foreach (var value in (ReadOnlySpan<uint>)[100, 0, 200, 1024])
                writer.WriteUInt32(value);
            writer.End(box);
            writer.PatchUInt32(dataOffset, 300);
        },
        (ref box) => Trun.Read(ref box) is { Count: 2, DataOffset: 300 } read ? (read[0], read[1]) : default,
        (new TrunSample(null, 100, SampleFlags.Sync, 0), new TrunSample(null, 200, null, 1024)));

    [Fact]
    public void Sidx_RoundTrips() => AssertRoundTrip(
        writer => Sidx.Write(writer, 1, 48000, 1L << 34, [new SidxReference(false, 1000, 192000, true, 1), new SidxReference(false, int.MaxValue, 1, false, 0)]),
        (ref box) => Sidx.Read(ref box) is { Count: 2 } read ? (read.Timescale, read.EarliestPresentationTime, read[0], read[1]) : default,
        (48000u, 1L << 34, new SidxReference(false, 1000, 192000, true, 1), new SidxReference(false, int.MaxValue, 1, false, 0)));

    private static void AssertRoundTrip<T>(Action<BoxWriter> write, Reading<T> read, T expected, bool checkCuts = true)
    {
        using var writer = new BoxWriter(16);
        write(writer);
        var bytes = writer.Written.ToArray();
        var file = new BoxReader(bytes);
        Assert.True(file.TryReadBox(out var box));
        Assert.Equal(expected, read(ref box));
        Assert.Equal(0, file.Remaining);

        // The box whole, but shorter than its fields: the size in the header goes with the cut.
        for (var length = 8; checkCuts && length < bytes.Length; length++)
        {
            var cut = bytes.AsSpan(0, length).ToArray();
            System.Buffers.Binary.BinaryPrimitives.WriteInt32BigEndian(cut, length);
            var error = Assert.Throws<MediaFormatException>(() =>
            {
                var reader = new BoxReader(cut);
                Assert.True(reader.TryReadBox(out var shorter));
                read(ref shorter);
            });
            Assert.Equal(MediaFormatError.Truncated, error.Error);
        }
    }
}
