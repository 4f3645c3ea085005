using Movento.ControlPlane.Recommendations.Models;

namespace Movento.ControlPlane.Tests.Recommendations.Models;

public class ModelFileTests
{
    [Fact]
    public void Read_OfWhatWasWritten_IsTheSameModel()
    {
        var model = Model();
        var read = ModelFile.Read(new MemoryStream(Written(model)));
        Assert.Equal(model.Films.AsEnumerable(), read.Films);
        Assert.Equal(model.Popularity.AsEnumerable(), read.Popularity);
        Assert.Equal(model.Terms.Select(term => (term.Decay, term.Weights.Bytes.ToArray())), read.Terms.Select(term => (term.Decay, term.Weights.Bytes.ToArray())));
    }

    [Fact]
    public void Read_OfEveryBeginningOfAModel_AndOfMoreThanOne_IsRefused()
    {
        var bytes = Written(Model());
        for (var length = 0; length < bytes.Length; length++)
            Assert.Throws<InvalidDataException>(() => ModelFile.Read(new MemoryStream(bytes, 0, length)));
        Assert.Throws<InvalidDataException>(() => ModelFile.Read(new MemoryStream([.. bytes, 0])));
    }

    // What says that it holds more than any model must not be believed.
    [Theory]
    [InlineData(0, 0x58)]
    [InlineData(11, 0x7F)]
    [InlineData(11, 0xFF)]
    [InlineData(15, 0x7F)]
    public void Read_OfAHeadThatIsNoModels_IsRefused(int place, byte value)
    {
        var bytes = Written(Model());
        bytes[place] = value;
        Assert.Throws<InvalidDataException>(() => ModelFile.Read(new MemoryStream(bytes)));
    }

    private static byte[] Written(RecommendationModel model)
    {
        using var stream = new MemoryStream();
        ModelFile.Write(model, stream);
        return stream.ToArray();
    }

    private static RecommendationModel Model() => new(
        [Guid.NewGuid(), Guid.NewGuid(), Guid.NewGuid()],
        [3, 2, 1],
        [new ModelTerm(FilmWeights.Of(3, (seen, film) => seen - film), 0.5f), new ModelTerm(FilmWeights.Of(3, (seen, film) => seen * film), 0.9f)]);
}
