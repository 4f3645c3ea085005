using System.Text;
using Movento.Packager.Subtitles;

namespace Movento.Packager.Tests.Subtitles;

public class WebVttReaderTests
{
    [Theory]
    [InlineData("\n")]
    [InlineData("\r\n")]
    [InlineData("\r")]
    public void Text_WithAnyLineEnds_ReadsAlike(string end)
    {
        var track = PackagedSubtitles.Read(PackagedSubtitles.WebVtt.ReplaceLineEndings(end));
        Assert.Equal(PackagedSubtitles.Read(PackagedSubtitles.WebVtt).Cues.AsEnumerable(), track.Cues);
        Assert.Equal("for the editor", track.Cues[0].Note);
        Assert.Equal(["STYLE\n::cue { color: papayawhip }"], track.Blocks.AsEnumerable());
        Assert.Equal(0, track.Skipped);
    }

    [Fact]
    public void Text_WithAByteOrderMark_IsRead() => Assert.Equal(4, PackagedSubtitles.Read("\uFEFF" + PackagedSubtitles.WebVtt).Cues.Length);

    [Theory]
    [InlineData("00:01.000 --> 00:02.000", 1000, 2000)]
    [InlineData("00:00:01.000 --> 100:00:02.000", 1000, 360_002_000)]
    [InlineData("\t00:01.000-->00:02.000\t", 1000, 2000)]
    [InlineData("00:59:59.999 --> 01:00:00.000 align:start", 3_599_999, 3_600_000)]
    public void Times_OfEveryShape_AreRead(string line, int start, int end)
    {
        var cue = Assert.Single(PackagedSubtitles.Read($"WEBVTT\n\n{line}\nx").Cues);
        Assert.Equal((start, end), (cue.Start.TotalMilliseconds, cue.End.TotalMilliseconds));
    }

    [Theory]
    [InlineData("-00:01.000 --> 00:02.000")]
    [InlineData("0:01.000 --> 00:02.000")]
    [InlineData("00:01,000 --> 00:02,000")]
    [InlineData("00:60.000 --> 01:02.000")]
    [InlineData("00:01.00 --> 00:02.000")]
    [InlineData("00:02.000 --> 00:01.000")]
    [InlineData("00:02.000 --> 00:02.000")]
    [InlineData("99999999999999999999:00:01.000 --> 99999999999999999999:00:02.000")]
    [InlineData("99999:00:01.000 --> 99999:00:02.000")]
    [InlineData("-->")]
    public void Cue_WithTimesThatAreNone_IsLeftOutAndCounted(string line)
    {
        var track = PackagedSubtitles.Read($"WEBVTT\n\n{line}\nlost\n\n00:01.000 --> 00:02.000\nkept");
        Assert.Equal("kept", Assert.Single(track.Cues).Text);
        Assert.Equal(1, track.Skipped);
    }

    [Theory]
    [InlineData("line:0 position:10%,line-left size:50% align:start vertical:rl region:fred", "line:0 position:10%,line-left size:50% align:start vertical:rl region:fred")]
    [InlineData("line:0 line:1", "line:0")]
    [InlineData("onclick:alert(1) align:\"><script>", null)]
    [InlineData("nonsense", null)]
    public void Settings_OfACue_AreThoseThatAreKnown(string settings, string? expected) =>
        Assert.Equal(expected, Assert.Single(PackagedSubtitles.Read($"WEBVTT\n\n00:01.000 --> 00:02.000 {settings}\nx").Cues).Settings);

    [Theory]
    [InlineData("<b>bold</b> <i>slanted</i> <u>under</u>", "<b>bold</b> <i>slanted</i> <u>under</u>")]
    [InlineData("<v.loud Fred Flintstone>Yabba", "<v.loud Fred Flintstone>Yabba</v>")]
    [InlineData("<c.yellow.bg_blue>x</c> <lang en-GB>y</lang>", "<c.yellow.bg_blue>x</c> <lang en-GB>y</lang>")]
    [InlineData("<ruby>漢<rt>kan</rt></ruby>", "<ruby>漢<rt>kan</rt></ruby>")]
    [InlineData("one <00:00:01.500>two <1:2>three", "one <00:00:01.500>two three")]
    [InlineData("<script>alert(1)</script>", "alert(1)")]
    [InlineData("<img src=x onerror=alert(1)>", "")]
    [InlineData("<b onmouseover=alert(1)>x", "<b>x</b>")]
    [InlineData("a < b & c > d", "a &lt; b &amp; c &gt; d")]
    [InlineData("&lt;&amp;&nbsp;&#8217;&x", "&lt;&amp;&nbsp;&#8217;&amp;x")]
    [InlineData("<b><i>x</b>y", "<b><i>x</i></b><i>y</i>")]
    [InlineData("</i>x<", "x&lt;")]
    [InlineData("<v <script>x", "<v script>x</v>")]
    [InlineData("a\0b\u0007c", "abc")]
    public void Text_OfACue_ComesOutWellFormed(string text, string expected)
    {
        var cues = PackagedSubtitles.Read($"WEBVTT\n\n00:01.000 --> 00:02.000\n{text}\n\n00:03.000 --> 00:04.000\nx").Cues;
        Assert.Equal(expected, cues.Length == 1 ? "" : cues[0].Text);
        // What came out once stays as it is.
        if (expected.Length > 0)
            Assert.Equal(expected, PackagedSubtitles.Read($"WEBVTT\n\n00:01.000 --> 00:02.000\n{expected}").Cues[0].Text);
    }

    [Fact]
    public void Cue_RightBelowAnother_IsACueOfItsOwn() =>
        Assert.Equal(["a", "b"], PackagedSubtitles.Read("WEBVTT\n00:01.000 --> 00:02.000\na\n00:02.000 --> 00:03.000\nb").Cues.Select(cue => cue.Text));

    [Fact]
    public void Cues_OutOfOrder_AreSortedAndKeepTheirOrderWhereTheyBeginTogether() =>
        Assert.Equal(
            ["c", "a", "b"],
            PackagedSubtitles.Read("WEBVTT\n\n00:02.000 --> 00:03.000\na\n\n00:02.000 --> 00:04.000\nb\n\n00:01.000 --> 00:02.000\nc").Cues.Select(cue => cue.Text));

    [Theory]
    [InlineData(new byte[] { 0xFF, 0xFE, 0x57, 0 }, MediaFormatError.Unsupported, 0)]
    [InlineData(new byte[] { (byte)'W', (byte)'E', (byte)'B', (byte)'V', (byte)'T', (byte)'T', 10, 10, 0xE4, 0x62 }, MediaFormatError.Invalid, 8)]
    [InlineData(new byte[] { }, MediaFormatError.Invalid, 0)]
    public void Text_InAnotherEncoding_IsRefusedAtItsByte(byte[] text, MediaFormatError error, long offset)
    {
        var thrown = Assert.Throws<MediaFormatException>(() => SubtitleTrack.Read(text));
        Assert.Equal((error, offset), (thrown.Error, thrown.Offset));
    }

    [Fact]
    public async Task Text_OfAGigabyte_IsRefusedBeforeItIsRead()
    {
        using var endless = new SparseStream(1L << 30);
        var thrown = await Assert.ThrowsAsync<MediaFormatException>(() => SubtitleTrack.ReadAsync(endless, null, CancellationToken.None));
        Assert.Equal(MediaFormatError.TooLarge, thrown.Error);
        Assert.InRange(endless.Position, 0, 64);
    }

    [Fact]
    public void Cue_OfOneEndlessLine_IsLeftOutAndCostsNothing()
    {
        var text = new byte[SubtitleLimits.MaxSize];
        text.AsSpan().Fill((byte)'<');
        "WEBVTT\n\n00:01.000 --> 00:02.000\n"u8.CopyTo(text);
        var before = GC.GetAllocatedBytesForCurrentThread();
        var track = SubtitleTrack.Read(text);
        Assert.Equal((0, 1), (track.Cues.Length, track.Skipped));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1 << 20);
    }

    [Fact]
    public void Cues_MoreThanTheLimit_AreRefusedByName()
    {
        var text = new StringBuilder("WEBVTT\n\n");
        for (var number = 0; number < 300_000; number++)
            text.Append("00:01.000 --> 00:02.000\na\n\n");
        var thrown = Assert.Throws<MediaFormatException>(() => PackagedSubtitles.Read(text.ToString()));
        Assert.Equal((MediaFormatError.TooLarge, 8L + SubtitleLimits.MaxCues * 27 + 24), (thrown.Error, thrown.Offset));
    }

    [Fact]
    public void Text_Mutated_NeverCrashes()
    {
        var seed = Encoding.UTF8.GetBytes(PackagedSubtitles.WebVtt);
        var random = new Random(20261122);
        for (var round = 0; round < 20_000; round++)
        {
            var mutated = (byte[])seed.Clone();
            for (var change = random.Next(1, 6); change > 0; change--)
                mutated[random.Next(mutated.Length)] = "<>&-:.0\n\r\t\0 {}\\\xEF\xBB"u8[random.Next(17)];
            try
            {
                SubtitleTrack.Read(mutated);
            }
            catch (MediaFormatException)
            {
                // Refused by name.
            }
        }
    }

    // Zeros without end, none of which is kept.
    private sealed class SparseStream(long length) : Stream
    {
        public override bool CanRead => true;
        public override bool CanSeek => true;
        public override bool CanWrite => false;
        public override long Length => length;
        public override long Position { get; set; }

        public override int Read(byte[] buffer, int offset, int count)
        {
            var read = (int)Math.Min(count, length - Position);
            buffer.AsSpan(offset, read).Clear();
            Position += read;
            return read;
        }

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
