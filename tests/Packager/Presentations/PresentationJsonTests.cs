using System.Text;
using Movento.Packager.Presentations;

namespace Movento.Packager.Tests.Presentations;

public sealed class PresentationJsonTests
{
    private static string Json { get; } = Samples.Text(output => PresentationJson.Write(output, Samples.Film()));

    [Fact]
    public void Presentation_RoundTrips()
    {
        var film = Samples.Film();
        var read = PresentationJson.Read(Encoding.UTF8.GetBytes(Json));
        Assert.Equal(film.Renditions.Length, read.Renditions.Length);
        foreach (var (expected, actual) in film.Renditions.Zip(read.Renditions))
        {
            Assert.Equal(expected.Segments.AsEnumerable(), actual.Segments);
            Assert.Equal(expected, actual with { Segments = expected.Segments });
        }

        Assert.Null(read.Thumbnails);
    }

    [Fact]
    public void Presentation_OfEveryKind_RoundTrips()
    {
        var film = Samples.RichFilm();
        var json = Samples.Text(output => PresentationJson.Write(output, film));
        var read = PresentationJson.Read(Encoding.UTF8.GetBytes(json));
        Assert.Equal(json, Samples.Text(output => PresentationJson.Write(output, read)));
        foreach (var (expected, actual) in film.Renditions.Zip(read.Renditions))
        {
            Assert.Equal(expected.Segments.AsEnumerable(), actual.Segments);
            Assert.Equal(expected.AccessPoints.AsEnumerable(), actual.AccessPoints);
            Assert.Equal(expected.TextSegmentSizes.AsEnumerable(), actual.TextSegmentSizes);
            Assert.Equal(expected.Encryption?.Scheme, actual.Encryption?.Scheme);
            Assert.Equal(expected.Encryption?.Periods.AsEnumerable() ?? [], actual.Encryption?.Periods ?? []);
            Assert.Equal(expected.Encryption?.SystemHeaders.SelectMany(header => header) ?? [], actual.Encryption?.SystemHeaders.SelectMany(header => header) ?? []);
            Assert.Equal(expected, actual with
            {
                Segments = expected.Segments, AccessPoints = expected.AccessPoints, TextSegmentSizes = expected.TextSegmentSizes, Encryption = expected.Encryption,
            });
        }

        Assert.Equal(film.Thumbnails!.Sizes.AsEnumerable(), read.Thumbnails!.Sizes);
        Assert.Equal(film.Thumbnails, read.Thumbnails with { Sizes = film.Thumbnails.Sizes });
    }

    [Fact]
    public void Version1_IsReadToo() =>
        PresentationJson.Read(Encoding.UTF8.GetBytes(Json.Replace("\"version\":2", "\"version\":1", StringComparison.Ordinal)));

    [Fact]
    public void Segments_AreTwoColumns() =>
        Assert.Contains("\"sizes\":[1000000,500000,250000],\"durations\":[120120,120120,30030]", Json, StringComparison.Ordinal);

    [Fact]
    public void UnknownProperties_AreSteppedOver() =>
        PresentationJson.Read(Encoding.UTF8.GetBytes(Json.Replace("\"version\":2", "\"version\":2,\"later\":{\"x\":[1]}", StringComparison.Ordinal)));

    [Theory]
    [InlineData("\"version\":2", "\"version\":3", MediaFormatError.Unsupported)]
    [InlineData("\"version\":2,", "", MediaFormatError.Missing)]
    [InlineData("\"id\":\"v720\"", "\"id\":\"../v\"", MediaFormatError.Invalid)]
    [InlineData("\"id\":\"v720\"", "\"id\":\"v360\"", MediaFormatError.Invalid)]
    [InlineData("\"id\":\"v720\"", "\"id\":null", MediaFormatError.Invalid)]
    [InlineData("\"kind\":\"audio\"", "\"kind\":\"video\"", MediaFormatError.Invalid)]
    [InlineData("\"kind\":\"audio\"", "\"kind\":\"smell\"", MediaFormatError.Invalid)]
    [InlineData("\"timescale\":30000", "\"timescale\":0", MediaFormatError.Invalid)]
    [InlineData("\"timescale\":30000", "\"timescale\":1e99", MediaFormatError.Invalid)]
    [InlineData("[1000000,500000,250000]", "[1000000,500000]", MediaFormatError.Invalid)]
    [InlineData("[1000000,500000,250000]", "[1000000,-5,250000]", MediaFormatError.Invalid)]
    [InlineData("[1000000,500000,250000]", "[]", MediaFormatError.Missing)]
    [InlineData("\"default\":false", "\"default\":\"yes\"", MediaFormatError.Invalid)]
    [InlineData("\"range\":\"SDR\"", "\"range\":\"XYZ\"", MediaFormatError.Invalid)]
    public void Text_OfAnotherShape_IsRefusedByName(string from, string to, MediaFormatError expected)
    {
        var text = Json.Replace(from, to, StringComparison.Ordinal);
        Assert.NotEqual(Json, text);
        Assert.Equal(expected, Assert.Throws<MediaFormatException>(() => PresentationJson.Read(Encoding.UTF8.GetBytes(text))).Error);
    }

    [Fact]
    public void Text_CutAtEveryByte_IsRefused()
    {
        var bytes = Encoding.UTF8.GetBytes(Json);
        for (var length = 0; length < bytes.Length; length++)
            Assert.Throws<MediaFormatException>(() => PresentationJson.Read(bytes.AsSpan(0, length)));
    }

    [Fact]
    public void Text_WithMutatedBytes_IsReadOrRefused()
    {
        var random = new Random(6);
        var source = Encoding.UTF8.GetBytes(Samples.Text(output => PresentationJson.Write(output, Samples.RichFilm())));
        for (var round = 0; round < 5000; round++)
        {
            var bytes = source.ToArray();
            for (var mutations = random.Next(1, 4); mutations > 0; mutations--)
                bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            var error = Record.Exception(() => PresentationJson.Read(bytes));
            Assert.True(error is null or MediaFormatException, $"round {round}: {error}");
        }
    }
}
