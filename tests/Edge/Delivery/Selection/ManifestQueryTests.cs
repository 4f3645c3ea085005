using Movento.Edge.Delivery.Selection;
using Movento.Packager.Presentations;

namespace Movento.Edge.Tests.Delivery.Selection;

public class ManifestQueryTests
{
    [Theory]
    [InlineData("")]
    [InlineData("&&&")]
    [InlineData("CMCD=bl%3D2100%2Csid%3D%22x%22&_HLS_msn=1&token")]
    [InlineData("Max-Height=x&maxheight=&codec=?&=max-height")]
    public void Query_OfOtherNames_AsksForNothing(string query)
    {
        Assert.True(ManifestQuery.TryParse(query, out var parsed));
        Assert.True(parsed.IsEmpty);
        Assert.Null(parsed.Addressing);
    }

    [Fact]
    public void Query_OfEveryName_IsRead()
    {
        Assert.True(ManifestQuery.TryParse("CMCD=x&max-height=720&start=360&codecs=avc1,mp4a&audio=en-GB%2Cde&video-range=sdr&addressing=segments", out var parsed));
        Assert.Equal((720, 360, true, SegmentAddressing.Segments), (parsed.MaxHeight, parsed.Start, parsed.IsSdrOnly, parsed.Addressing));
        Assert.Equal(("avc1,mp4a", "en-GB%2Cde"), (parsed.Codecs.ToString(), parsed.Languages.ToString()));
        Assert.False(parsed.IsEmpty);
    }

    [Theory]
    [InlineData("max-height")]
    [InlineData("max-height=")]
    [InlineData("max-height=0")]
    [InlineData("max-height=0720")]
    [InlineData("max-height=-1")]
    [InlineData("max-height=10000")]
    [InlineData("max-height=720p")]
    [InlineData("max-height=٧٢٠")]
    [InlineData("max-height=720&max-height=720")]
    [InlineData("start=+5")]
    [InlineData("start=5&x=y&start=6")]
    [InlineData("codecs=")]
    [InlineData("codecs=,")]
    [InlineData("codecs=avc1,")]
    [InlineData("codecs=avc1%2c")]
    [InlineData("codecs=avc1,,mp4a")]
    [InlineData("codecs=avc1%20mp4a")]
    [InlineData("codecs=avc1%2")]
    [InlineData("codecs=h264")]
    [InlineData("codecs=avc1.64001f")]
    [InlineData("codecs=avc1,avc1,avc1,avc1,avc1,avc1,avc1,avc1,avc1")]
    [InlineData("codecs=avc1&codecs=hvc1")]
    [InlineData("audio=")]
    [InlineData("audio=e")]
    [InlineData("audio=english-language-of-some-unknown-place-far")]
    [InlineData("audio=en_GB")]
    [InlineData("audio=en-")]
    [InlineData("audio=4n")]
    [InlineData("audio=deutschland")]
    [InlineData("audio=en&audio=en")]
    [InlineData("video-range=SDR")]
    [InlineData("video-range=pq")]
    [InlineData("video-range=sdr&video-range=sdr")]
    [InlineData("addressing=bytes")]
    [InlineData("addressing=")]
    [InlineData("addressing=ranges&addressing=ranges")]
    public void Query_WithAValueThatIsNone_IsRefused(string query)
    {
        Assert.False(ManifestQuery.TryParse(query, out _));
        Assert.False(ManifestQuery.TryParse($"CMCD=x&{query}&y=z", out _));
    }

    [Theory]
    [InlineData("avc1", "avc1.64001f", TrackKind.Video, true)]
    [InlineData("AVC1", "avc1.64001f", TrackKind.Video, true)]
    [InlineData("avc1", "hvc1.1.6.L93.b0", TrackKind.Video, false)]
    [InlineData("hvc1%2Cav01", "av01.0.04M.08", TrackKind.Video, true)]
    [InlineData("avc1", "mp4a.40.2", TrackKind.Audio, true)]
    [InlineData("ec-3", "mp4a.40.2", TrackKind.Audio, false)]
    [InlineData("ec-3", "avc1.64001f", TrackKind.Video, true)]
    [InlineData("opus", "Opus", TrackKind.Audio, true)]
    public void Codecs_NameTheFamiliesOfOneKind(string codecs, string tested, TrackKind kind, bool isAllowed)
    {
        Assert.True(ManifestQuery.TryParse($"codecs={codecs}", out var parsed));
        Assert.Equal(isAllowed, parsed.AllowsCodecs(tested, kind));
    }

    [Theory]
    [InlineData("en", "en-GB", true)]
    [InlineData("EN-gb", "en-GB", true)]
    [InlineData("en-GB", "en", false)]
    [InlineData("en", "eng", false)]
    [InlineData("de,fr", "fr", true)]
    [InlineData("und", null, true)]
    [InlineData("en", null, false)]
    public void Languages_AreRanges(string audio, string? language, bool isNamed)
    {
        Assert.True(ManifestQuery.TryParse($"audio={audio}", out var parsed));
        Assert.Equal(isNamed, parsed.NamesLanguage(language));
    }

    [Theory]
    [InlineData("", "")]
    [InlineData("addressing=segments", "")]
    [InlineData("addressing=segments&max-height=720", "?max-height=720")]
    [InlineData("a=b&addressing=ranges&max-height=720", "?a=b&max-height=720")]
    public void WithoutAddressing_KeepsTheRest(string query, string kept) => Assert.Equal(kept, ManifestQuery.WithoutAddressing(query));
}
