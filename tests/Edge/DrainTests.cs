using System.Net;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Movento.Edge.Operation;
using Movento.Edge.Tests.Host;

namespace Movento.Edge.Tests;

public class DrainTests
{
    [Fact]
    public async Task Edge_ThatIsEmptied_AnswersAndCloses_AndIsNotReady()
    {
        await using var edge = await EdgeHost.StartAsync();
        await using var wire = await RawConnection.OpenAsync(edge.EndPoint);
        var request = $"GET {edge.Path("a0.mp4")} HTTP/1.1\r\nHost: x\r\nRange: bytes=0-9\r\n\r\n";
        await wire.SendAsync(request);
        Assert.DoesNotContain("Connection: close", Encoding.ASCII.GetString(await wire.ReadAsync(200)), StringComparison.Ordinal);

        edge.Services.GetRequiredService<DrainState>().Begin();
        await wire.SendAsync(request);
        var rest = await wire.ReadToEndAsync();
        Assert.Contains("Connection: close", Encoding.Latin1.GetString(rest), StringComparison.Ordinal);
        Assert.Equal(edge.Film.Audio[..10], rest[^10..]);

        using var ready = await edge.SendAsync(HttpMethod.Get, "/health/ready");
        Assert.Equal(HttpStatusCode.ServiceUnavailable, ready.StatusCode);
        Assert.Contains("\"drain\"", await ready.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        using var alive = await edge.SendAsync(HttpMethod.Get, "/health/live");
        Assert.Equal(HttpStatusCode.OK, alive.StatusCode);
    }
}
