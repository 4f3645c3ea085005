using System.Net;
using System.Text.Json;
using Movento.Harness;

namespace Movento.Tests.Hosting;

public sealed class RequestIdTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public async Task Id_OfARequestThatFails_IsInItsAnswerAndItsLog()
    {
        var log = _folder.Combine("log.json");
        Answer answer;
        await using (var app = await PipelineApp.StartAsync(logFile: log))
        {
            await app.GetAsync("/api/fault?secret=in-the-query");
            answer = await app.GetAsync("/api/fault");
        }

        Assert.Equal(HttpStatusCode.InternalServerError, answer.Status);
        var id = answer.Header("X-Request-Id");
        Assert.Matches("^[0-9a-f]{32}$", id);
        Assert.Equal(id, answer.Json.GetProperty("requestId").GetString());
        var lines = File.ReadAllLines(log).Select(line => JsonSerializer.Deserialize<JsonElement>(line)).ToArray();
        var line = Assert.Single(lines, line => line.TryGetProperty("RequestId", out var named) && named.GetString() == id);
        Assert.Equal("Error", line.GetProperty("LogLevel").GetString());
        Assert.Contains("A fault of ours.", line.GetProperty("Exception").GetString(), StringComparison.Ordinal);
        Assert.Equal(2, lines.Count(other => other.TryGetProperty("Exception", out _)));
        Assert.DoesNotContain("in-the-query", File.ReadAllText(log), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Request_WhileTheDatabaseIsAway_IsAnsweredWith503_AndIsNoFaultInTheLog()
    {
        var log = _folder.Combine("log.json");
        Answer answer;
        await using (var app = await PipelineApp.StartAsync(logFile: log)) answer = await app.GetAsync("/api/outage");

        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.Status);
        Assert.Equal("unavailable", answer.Json.GetProperty("code").GetString());
        Assert.Equal("5", answer.Header("Retry-After"));
        var lines = File.ReadAllLines(log).Select(line => JsonSerializer.Deserialize<JsonElement>(line)).ToArray();
        var line = Assert.Single(lines, line => line.TryGetProperty("Exception", out _));
        Assert.Equal("Warning", line.GetProperty("LogLevel").GetString());
        Assert.DoesNotContain("   at ", line.GetProperty("Exception").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Id_IsNeverTheCallers()
    {
        await using var app = await PipelineApp.StartAsync();

        var first = (await app.GetAsync(headers: ("X-Request-Id", "mine"))).Header("X-Request-Id");

        Assert.NotEqual("mine", first);
        Assert.NotEqual(first, (await app.GetAsync()).Header("X-Request-Id"));
    }

    public void Dispose() => _folder.Dispose();
}
