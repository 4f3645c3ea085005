using System.Text;
using Movento.Packager.Subtitles;

namespace Movento.Packager.Tests.Subtitles;

public class SubRipReaderTests
{
    [Fact]
    public void Text_AsProgramsWriteIt_IsRead()
    {
        var track = PackagedSubtitles.Read("\uFEFF1\r\n00:00:01,000 --> 00:00:02,500\r\nHello\r\n<i>world</i>\r\n\r\n2\r\n00:00:03,000 --> 00:00:04,000\r\nBye\r\n");
        Assert.Equal(
            [
                new Cue(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(2.5), "Hello\n<i>world</i>"),
                new Cue(TimeSpan.FromSeconds(3), TimeSpan.FromSeconds(4), "Bye"),
            ],
            track.Cues.AsEnumerable());
        Assert.Equal(0, track.Skipped);
    }

    [Theory]
    [InlineData("0:0:1,5 --> 0:0:2", 1005, 2000)]
    [InlineData("00:00:01.250 --> 00:00:02.500", 1250, 2500)]
    [InlineData(" 00:00:01,000-->00:00:02,000  X1:10 X2:20 Y1:30 Y2:40", 1000, 2000)]
    [InlineData("00:00:01,123456 --> 99:59:59,999", 1123, 359_999_999)]
    public void Times_OfEveryShape_AreRead(string line, int start, int end)
    {
        var cue = Assert.Single(PackagedSubtitles.Read($"1\n{line}\nx").Cues);
        Assert.Equal((start, end), (cue.Start.TotalMilliseconds, cue.End.TotalMilliseconds));
    }

    [Theory]
    // No blank line before the number, no number, a blank line inside of a text, a text that is a number.
    [InlineData("1\n00:00:01,000 --> 00:00:02,000\na\n2\n00:00:03,000 --> 00:00:04,000\nb", "a|b")]
    [InlineData("00:00:01,000 --> 00:00:02,000\na\n\n00:00:03,000 --> 00:00:04,000\nb", "a|b")]
    [InlineData("1\n00:00:01,000 --> 00:00:02,000\na\n\nb\n\n2\n00:00:03,000 --> 00:00:04,000\nc", "a\nb|c")]
    [InlineData("1\n00:00:01,000 --> 00:00:02,000\n1984\n\n2\n00:00:03,000 --> 00:00:04,000\n7", "1984|7")]
    [InlineData("1\n00:00:01,000 --> 00:00:02,000\n\n2\n00:00:03,000 --> 00:00:04,000\nb", "b")]
    [InlineData("1\n-00:00:01,000 --> 00:00:02,000\nlost\n\n2\n00:00:03,000 --> 00:00:04,000\nb", "b")]
    [InlineData("1\n00:00:01,000 --> 00:00:02,000\nto --> fro\n\n", "to --&gt; fro")]
    public void Text_AsPeopleWriteIt_IsRead(string text, string expected) =>
        Assert.Equal(expected, string.Join('|', PackagedSubtitles.Read(text).Cues.Select(cue => cue.Text)));

    [Theory]
    [InlineData("<b>x</b><I>y</I><u>z</u>", "<b>x</b><i>y</i><u>z</u>")]
    [InlineData("<font color=\"#FFFF00\">x</font>", "<c.yellow>x</c>")]
    [InlineData("<font color=red face=Arial>x</font>", "<c.red>x</c>")]
    [InlineData("<font size=12>x</font>", "<c>x</c>")]
    [InlineData("<s>x</s>", "x")]
    [InlineData("{\\i1}x{\\i0} {\\fad(200,200)\\b1}y", "<i>x</i> <b>y</b>")]
    [InlineData("{curly} x", "{curly} x")]
    [InlineData("<script>alert(1)</script>", "&lt;script&gt;alert(1)&lt;/script&gt;")]
    [InlineData("1 < 2 & 3 &amp; 4", "1 &lt; 2 &amp; 3 &amp; 4")]
    [InlineData("<i>never closed", "<i>never closed</i>")]
    public void Tags_OfACue_BecomeWebVtt(string text, string expected) =>
        Assert.Equal(expected, Assert.Single(PackagedSubtitles.Read($"1\n00:00:01,000 --> 00:00:02,000\n{text}").Cues).Text);

    [Theory]
    [InlineData(8, "line:0")]
    [InlineData(7, "line:0 align:start")]
    [InlineData(6, "line:50% align:end")]
    [InlineData(2, null)]
    public void Place_OfACue_BecomesItsSettings(int place, string? settings) =>
        Assert.Equal(settings, Assert.Single(PackagedSubtitles.Read($"1\n00:00:01,000 --> 00:00:02,000\n{{\\an{place}}}x").Cues).Settings);

    [Fact]
    public void Text_InLatin1_IsRefusedAtItsByte()
    {
        var thrown = Assert.Throws<MediaFormatException>(() => SubtitleTrack.Read(Encoding.Latin1.GetBytes("1\n00:00:01,000 --> 00:00:02,000\nGr\u00fc\u00dfe")));
        Assert.Equal((MediaFormatError.Invalid, 34L), (thrown.Error, thrown.Offset));
    }

    [Fact]
    public void Text_WithoutTimes_IsRefusedByName() =>
        Assert.Equal(MediaFormatError.Invalid, Assert.Throws<MediaFormatException>(() => PackagedSubtitles.Read("Dear diary,\n\nnothing.")).Error);
}
