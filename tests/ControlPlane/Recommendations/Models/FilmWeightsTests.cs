using Movento.ControlPlane.Recommendations.Models;

namespace Movento.ControlPlane.Tests.Recommendations.Models;

public class FilmWeightsTests
{
    // Of every remainder of the widest vectors.
    [Theory]
    [InlineData(1)]
    [InlineData(15)]
    [InlineData(16)]
    [InlineData(37)]
    [InlineData(64)]
    public void AddTo_OfAnyWidth_AddsTheRowTimesTheFactor(int films)
    {
        var random = new Random(7);
        var exact = Enumerable.Range(0, films * films).Select(_ => (float)(random.NextDouble() - 0.5)).ToArray();
        var weights = FilmWeights.Of(films, (seen, film) => exact[(seen * films) + film]);
        var scores = Enumerable.Repeat(1f, films).ToArray();

        weights.AddTo(scores, films - 1, 2.5f);

        for (var film = 0; film < films; film++)
        {
            Assert.Equal(1 + (2.5f * weights.Of(films - 1, film)), scores[film], 1e-6f);
            // Eight bits of a number, rounded to the nearest.
            Assert.InRange(weights.Of(films - 1, film), exact[^(films - film)] - MathF.Abs(exact[^(films - film)] / 256), exact[^(films - film)] + MathF.Abs(exact[^(films - film)] / 256));
        }
    }

    [Fact]
    public void Read_OfItsBytes_IsTheSame()
    {
        var weights = FilmWeights.Of(5, (seen, film) => seen - (0.25f * film));
        var read = FilmWeights.Read(5, new MemoryStream(weights.Bytes.ToArray()));
        Assert.Equal(weights.Bytes, read.Bytes);
    }

    [Fact]
    public void AddTo_AllocatesNothing()
    {
        var weights = FilmWeights.Of(100, (seen, film) => seen + film);
        var scores = new float[100];
        Assert.Equal(0, Harness.Allocations.Of(() => weights.AddTo(scores, 3, 0.5f)));
    }
}
