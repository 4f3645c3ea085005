namespace Movento.Packager.Tests;

public class MediaFormatExceptionTests
{
    [Theory]
    [InlineData("moov/trak[1]", "It is too short. (Truncated in 'moov/trak[1]' at byte 7)")]
    [InlineData("", "It is too short. (Truncated at byte 7)")]
    public void Message_SaysWhere_AsFarAsThereAreBoxes(string path, string message) =>
        Assert.Equal(message, new MediaFormatException(MediaFormatError.Truncated, path, 7, "It is too short.").Message);
}
