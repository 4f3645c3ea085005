using System.Text.Json;
using Movento.Edge.Tests.Host;
using Movento.Harness;

namespace Movento.Edge.Tests.Observation;

public sealed class AccessLogTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string File => _folder.Combine("access.log");

    [Fact]
    public async Task Lines_OfEveryKindOfRequest_SayHowItWasAnsweredAndHideTheToken()
    {
        string token;
        await using (var edge = await EdgeHost.StartAsync(options => options.AccessLog.Path = File))
        {
            token = edge.Token();
            var prefix = $"/assets/{Film.Asset}/v{Film.Version}";
            using (var response = await edge.SendAsync(
                HttpMethod.Get, $"/{token}{prefix}/a0.mp4?token={token}", "Range", "bytes=0-999", "User-Agent", "a \"player\"\u0007")) { }
            using (await edge.SendAsync(HttpMethod.Head, $"/{token}{prefix}/master.m3u8")) { }
            // Of the last character of base64url's 32 bytes the lower two bits are nothing: B would be no token at all.
            using (await edge.SendAsync(HttpMethod.Get, $"/{token[..^1]}{(token[^1] == 'A' ? 'E' : 'A')}{prefix}/a0.mp4")) { }
            using (await edge.SendAsync(HttpMethod.Get, $"/x/{token}/y%20z/{new string('a', 40)}/{new string('b', 41)}")) { }
            await Eventually.TrueAsync(() => edge.Figures.Of(EdgeOutcome.NotFound) == 1, "every request is counted");
            await edge.StopAsync();
        }

        // The edge has stopped: everything is written.
        var text = await System.IO.File.ReadAllTextAsync(File);
        Assert.DoesNotContain(token[..^1], text, StringComparison.Ordinal);
        var lines = text.TrimEnd('\n').Split('\n').Select(line => JsonDocument.Parse(line).RootElement).ToArray();
        Assert.Equal(4, lines.Length);
        var partial = lines.Single(line => line.GetProperty("outcome").GetString() == "Partial");
        Assert.Equal(206, partial.GetProperty("status").GetInt32());
        Assert.Equal("GET", partial.GetProperty("method").GetString());
        Assert.Equal("HTTP/1.1", partial.GetProperty("protocol").GetString());
        Assert.Equal($"/assets/{Film.Asset}/v{Film.Version}/a0.mp4", partial.GetProperty("path").GetString());
        Assert.Equal("bytes=0-999", partial.GetProperty("range").GetString());
        Assert.Equal(1000, partial.GetProperty("bytes").GetInt64());
        Assert.Equal("origin", partial.GetProperty("tier").GetString());
        Assert.Equal("127.0.0.1", partial.GetProperty("client").GetString());
        Assert.Equal(TimeSpan.Zero, partial.GetProperty("time").GetDateTimeOffset().Offset);
        Assert.InRange(partial.GetProperty("seconds").GetDouble(), partial.GetProperty("firstByteSeconds").GetDouble(), 60);
        Assert.Equal(0, lines.Single(line => line.GetProperty("method").GetString() == "HEAD").GetProperty("bytes").GetInt64());
        Assert.Equal(403, lines.Single(line => line.GetProperty("outcome").GetString() == "TokenForged").GetProperty("status").GetInt32());
        Assert.Equal(
            $"/x/*/*/{new string('a', 40)}/*", lines.Single(line => line.GetProperty("status").GetInt32() == 404).GetProperty("path").GetString());
    }

    [Fact]
    public async Task Log_ThatCannotBeWritten_NeitherStopsNorSlowsAnybody()
    {
        // A folder where the file belongs: every write fails.
        Directory.CreateDirectory(File);
        await using var edge = await EdgeHost.StartAsync(options => (options.AccessLog.Path, options.AccessLog.Capacity) = (File, 16));
        for (var round = 0; round < 40; round++)
        {
            using var response = await edge.GetAsync("a0.mp4", "Range", "bytes=0-9");
            Assert.Equal(10, (await response.Content.ReadAsByteArrayAsync()).Length);
        }

        await Eventually.TrueAsync(() => edge.Figures["movento.edge.accesslog.dropped"] >= 24, "lost lines are counted");
    }

    [Fact]
    public async Task Log_ThatIsFull_GivesWayToTheNext()
    {
        await using (var edge = await EdgeHost.StartAsync(options => (options.AccessLog.Path, options.AccessLog.MaxFiles, options.AccessLog.MaxFileBytes) = (File, 2, 1 << 20)))
        {
            var agent = new string('a', 256);
            for (var round = 0; round < 12; round++)
            {
                await using var wire = await RawConnection.OpenAsync(edge.EndPoint);
                await wire.SendAsync(string.Concat(Enumerable.Repeat($"GET / HTTP/1.1\r\nHost: x\r\nUser-Agent: {agent}\r\n\r\n", 500)));
                wire.CloseSending();
                await wire.ReadToEndAsync();
                var sofar = (round + 1) * 500;
                await Eventually.TrueAsync(() => edge.Figures.Of(EdgeOutcome.NotFound) == sofar, "every request is counted");
            }

            await edge.StopAsync();
        }

        Assert.True(System.IO.File.Exists(File + ".1"));
        Assert.False(System.IO.File.Exists(File + ".2"));
        Assert.InRange(new FileInfo(File + ".1").Length, 1 << 20, 3 << 20);
        foreach (var line in (await System.IO.File.ReadAllLinesAsync(File + ".1"))) Assert.Equal(404, JsonDocument.Parse(line).RootElement.GetProperty("status").GetInt32());
    }

    [Fact]
    public async Task Sample_OfNone_KeepsTheFailures()
    {
        await using (var edge = await EdgeHost.StartAsync(options => (options.AccessLog.Path, options.AccessLog.Sample) = (File, 0)))
        {
            using (await edge.GetAsync("a0.mp4", "Range", "bytes=0-9")) { }
            using (await edge.GetAsync("a9.mp4")) { }
            await Eventually.TrueAsync(() => edge.Figures.Of(EdgeOutcome.NotFound) == 1, "every request is counted");
            await edge.StopAsync();
        }

        Assert.Contains("\"NotFound\"", Assert.Single(await System.IO.File.ReadAllLinesAsync(File)), StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Dispose();
}
