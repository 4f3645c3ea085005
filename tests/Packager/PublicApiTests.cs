using Movento.Harness;
using Movento.Packager.Presentations;

namespace Movento.Packager.Tests;

/// <summary>What the library promises stands in src/Packager/PublicApi.txt: a change of it is seen in review, never by accident.</summary>
public sealed class PublicApiTests
{
    private const string Renew = "MOVENTO_RENEW_PUBLIC_API";

    [Fact]
    public void PublicApi_IsWhatTheFileSays()
    {
        var file = Repository.Combine("src", "Packager", "PublicApi.txt");
        var actual = PublicApi.Of(typeof(Presentation).Assembly);
        if (Environment.GetEnvironmentVariable(Renew) == "1")
            File.WriteAllLines(file, actual);

        var expected = File.ReadAllLines(file);
        var gone = expected.Except(actual).Select(line => "- " + line);
        var added = actual.Except(expected).Select(line => "+ " + line);
        Assert.True(expected.SequenceEqual(actual),
            $"The public API of Movento.Packager is not what src/Packager/PublicApi.txt says:\n{string.Join('\n', gone.Concat(added))}\n"
            + $"If that is meant: {Renew}=1 dotnet test tests/Packager -c Release --filter PublicApi, and look at the diff.");
    }
}
