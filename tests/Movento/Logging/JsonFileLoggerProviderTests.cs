using Microsoft.Extensions.Logging;
using Movento.Harness;
using Movento.Logging;

namespace Movento.Tests.Logging;

public sealed class JsonFileLoggerProviderTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public async Task Log_AfterAFileThatCouldNotBeWritten_GoesOn()
    {
        // Where there is no folder nothing is written, as where there is no room.
        var path = _folder.Combine("logs", "log.json");
        using (var provider = new JsonFileLoggerProvider([new JsonLineFormatter()], path))
        {
            var logger = provider.CreateLogger("Tests");
            Say(logger, "lost");
            // It is taken from the queue, and lost, at some moment; what is said after the folder is there arrives.
            Directory.CreateDirectory(_folder.Combine("logs"));
            var said = 0;
            await Eventually.TrueAsync(
                () =>
                {
                    Say(logger, $"said {++said}");
                    return File.Exists(path) && File.ReadAllText(path).Contains("said", StringComparison.Ordinal);
                },
                "the log goes on");
        }
    }

    [Fact]
    public void Dispose_WhenNothingCouldBeWritten_IsNoFailure()
    {
        var provider = new JsonFileLoggerProvider([new JsonLineFormatter()], _folder.Combine("logs", "log.json"));
        Say(provider.CreateLogger("Tests"), "lost");

        provider.Dispose();
        Assert.False(File.Exists(_folder.Combine("logs", "log.json")));
    }

    [Fact]
    public void Lines_OfALog_AreAllThereInOrderOnceItIsClosed()
    {
        var path = _folder.Combine("log.json");
        using (var provider = new JsonFileLoggerProvider([new JsonLineFormatter()], path))
        {
            var logger = provider.CreateLogger("Tests");
            for (var line = 0; line < 1000; line++) Say(logger, $"line {line}.");
        }

        var lines = File.ReadAllLines(path);
        Assert.Equal(1000, lines.Length);
        Assert.All(lines.Select((line, index) => (line, index)), item => Assert.Contains($"line {item.index}.", item.line, StringComparison.Ordinal));
    }

    public void Dispose() => _folder.Dispose();

    private static void Say(ILogger logger, string sentence) => logger.Log(LogLevel.Information, new EventId(1), sentence, null, (state, _) => state);
}
