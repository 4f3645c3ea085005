using Movento.Edge.Admission;
using Movento.Edge.Delivery.Selection;
using Movento.Edge.Tests.Host;
using Movento.Packager.Presentations;

namespace Movento.Edge.Tests.Delivery.Selection;

public class ManifestSelectionTests
{
    [Theory]
    [InlineData("", "v360 v720 v1080 h1080 p2160 en de xx en6 s0 i0", 0)]
    [InlineData("max-height=1080", "v360 v720 v1080 h1080 en de xx en6 s0 i0", 0)]
    [InlineData("max-height=1079", "v360 v720 en de xx en6 s0 i0", 0)]
    // Nobody is left without pictures for a limit below the lowest rung.
    [InlineData("max-height=100", "v360 en de xx en6 s0 i0", 0)]
    [InlineData("max-height=100&codecs=hvc1", "h1080 en de xx en6 s0 i0", 0)]
    [InlineData("codecs=avc1", "v360 v720 v1080 en de xx en6 s0 i0", 0)]
    [InlineData("codecs=hvc1,ec-3", "h1080 p2160 en6 s0 i0", 0)]
    [InlineData("video-range=sdr&codecs=hvc1", "h1080 en de xx en6 s0 i0", 0)]
    [InlineData("audio=de", "v360 v720 v1080 h1080 p2160 de s0 i0", 0)]
    [InlineData("audio=und", "v360 v720 v1080 h1080 p2160 xx s0 i0", 0)]
    [InlineData("audio=en,de", "v360 v720 v1080 h1080 p2160 en de en6 s0 i0", 0)]
    // A film without the language keeps its sound.
    [InlineData("audio=fr", "v360 v720 v1080 h1080 p2160 en de xx en6 s0 i0", 0)]
    [InlineData("start=720", "v360 v720 v1080 h1080 p2160 en de xx en6 s0 i0", 720)]
    [InlineData("start=1079", "v360 v720 v1080 h1080 p2160 en de xx en6 s0 i0", 720)]
    [InlineData("start=9999&max-height=720", "v360 v720 en de xx en6 s0 i0", 720)]
    // The first one is begun with anyway.
    [InlineData("start=400", "v360 v720 v1080 h1080 p2160 en de xx en6 s0 i0", 0)]
    [InlineData("start=1", "v360 v720 v1080 h1080 p2160 en de xx en6 s0 i0", 0)]
    public void Select_LeavesWhatTheQueryAsksFor(string query, string expected, int start)
    {
        Assert.True(ManifestQuery.TryParse(query, out var parsed));
        Assert.Null(ManifestSelection.Select(parsed, default, Ladder.Presentation.Renditions.AsSpan(), out var selection));
        var part = selection.Of(Ladder.Presentation);
        Assert.Equal(expected, string.Join(' ', part.Renditions.Select(rendition => rendition.Id)));
        Assert.Equal(start, selection.StartHeight);
        Assert.Equal(Ladder.Presentation.TargetDuration, part.TargetDuration);
        Assert.Equal(query.Length == 0 || query is "audio=fr" or "start=400" or "start=1", selection.IsEverythingOf(Ladder.Presentation.Renditions.AsSpan()));
    }

    [Theory]
    [InlineData("codecs=av01")]
    [InlineData("codecs=Opus")]
    [InlineData("codecs=avc1,opus")]
    public void Select_WhereACodecLeavesNothingOfAKind_SaysSo(string query)
    {
        Assert.True(ManifestQuery.TryParse(query, out var parsed));
        Assert.Equal(EdgeOutcome.NothingSelected, ManifestSelection.Select(parsed, default, Ladder.Presentation.Renditions.AsSpan(), out _));
    }

    [Fact]
    public void Select_OfAFilmInHighDynamicRangeAlone_HasNothingInSdr()
    {
        Assert.True(ManifestQuery.TryParse("video-range=sdr", out var parsed));
        Rendition[] renditions = [Ladder.Presentation.Renditions[4]];
        Assert.Equal(EdgeOutcome.NothingSelected, ManifestSelection.Select(parsed, default, renditions, out _));
    }

    [Theory]
    [InlineData("", 720, "v360 v720")]
    [InlineData("max-height=1080", 720, "v360 v720")]
    [InlineData("max-height=360", 720, "v360")]
    [InlineData("max-height=1", 1080, "v360")]
    [InlineData("", 360, "v360")]
    [InlineData("start=2160", 720, "v360 v720")]
    public void Select_UnderATokensHeight_ListsNothingThatItRefuses(string query, int height, string videos)
    {
        Assert.True(ManifestQuery.TryParse(query, out var parsed));
        Assert.Null(ManifestSelection.Select(parsed, new Admitted(Guid.Empty, (ushort)height), Ladder.Presentation.Renditions.AsSpan(), out var selection));
        Assert.Equal(videos, string.Join(' ', selection.Of(Ladder.Presentation).Video.Select(rendition => rendition.Id)));
        Assert.Equal(query == "start=2160" ? 720 : 0, selection.StartHeight);
    }

    [Theory]
    [InlineData("", 359)]
    [InlineData("codecs=hvc1", 720)]
    public void Select_WhereATokenRefusesEveryRung_SaysSo(string query, int height)
    {
        Assert.True(ManifestQuery.TryParse(query, out var parsed));
        Assert.Equal(
            EdgeOutcome.RenditionTooHigh,
            ManifestSelection.Select(parsed, new Admitted(Guid.Empty, (ushort)height), Ladder.Presentation.Renditions.AsSpan(), out _));
    }

    [Fact]
    public void Select_OfSoundAlone_NeedsNoPictures()
    {
        Assert.True(ManifestQuery.TryParse("max-height=720&start=360&audio=de&codecs=avc1", out var parsed));
        Rendition[] renditions = [.. Ladder.Presentation.Audio];
        Assert.Null(ManifestSelection.Select(parsed, default, renditions, out var selection));
        Assert.Equal(new ManifestSelection(default(RenditionSet).With(1), 0), selection);
    }

    [Fact]
    public void RenditionSet_HasEachOf256Places()
    {
        for (var place = 0; place < 256; place++)
        {
            var set = default(RenditionSet).With(place);
            for (var other = 0; other < 256; other++) Assert.Equal(other == place, set.Has(other));
        }
    }
}
