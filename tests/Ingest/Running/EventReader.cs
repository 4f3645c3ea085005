using System.Text.Json;

namespace Movento.Ingest.Tests.Running;

/// <summary>Reads server-sent events as HTML §9.2 says, with the last event's id.</summary>
internal sealed class EventReader : IAsyncDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);
    private readonly HttpResponseMessage _response;
    private readonly StreamReader _lines;

    private EventReader(HttpResponseMessage response, Stream body) => (_response, _lines) = (response, new StreamReader(body));

    /// <summary>What a reader that is cut off now would send as Last-Event-ID.</summary>
    public string? LastId { get; private set; }

    public static async Task<EventReader> OpenAsync(HttpClient client, string path, string? lastEventId = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        if (lastEventId is not null) request.Headers.Add("Last-Event-ID", lastEventId);
        var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        Assert.Equal("text/event-stream", response.Content.Headers.ContentType?.MediaType);
        return new EventReader(response, await response.Content.ReadAsStreamAsync());
    }

    /// <summary>The names of the next events, and the ids of the assets that they are of.</summary>
    public async Task<List<(string Name, string? Id)>> TakeAsync(int count)
    {
        var events = new List<(string, string?)>();
        while (events.Count < count)
        {
            if (await BlockAsync() is not { } found) continue;
            using var data = JsonDocument.Parse(found.Data);
            events.Add((found.Name, data.RootElement.TryGetProperty("id", out var id) ? id.GetString() : null));
        }
        return events;
    }

    /// <summary>Waits for an id that is no event: the place from where to go on.</summary>
    public async Task MarkedAsync()
    {
        if (await BlockAsync() is { } found) Assert.Fail($"Another event: {found}");
    }

    public ValueTask DisposeAsync()
    {
        _lines.Dispose();
        _response.Dispose();
        return ValueTask.CompletedTask;
    }

    private async Task<(string Name, string Data)?> BlockAsync()
    {
        var (name, data) = ("message", "");
        while (true)
        {
            var line = await _lines.ReadLineAsync().WaitAsync(Limit) ?? throw new EndOfStreamException("The stream has ended.");
            if (line.Length == 0) return data.Length == 0 ? null : (name, data);
            if (line.StartsWith("id: ", StringComparison.Ordinal)) LastId = line[4..];
            else if (line.StartsWith("event: ", StringComparison.Ordinal)) name = line[7..];
            else if (line.StartsWith("data: ", StringComparison.Ordinal)) data += line[6..];
        }
    }
}
