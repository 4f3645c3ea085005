using System.Collections.Concurrent;
using System.Net;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Movento.Contracts;
using Movento.Edge.Observation.Playbacks;
using Movento.Edge.Tests.Host;
using Movento.Harness;

namespace Movento.Edge.Tests.Observation;

/// <summary>From what players send to what is reported, through a whole edge.</summary>
public class PlaybackReportsTests
{
    private readonly Receiver _receiver = new();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Requests_WithClientData_AreReportedOnceWhenTheEdgeStops(bool asFields)
    {
        await using (var edge = await EdgeHost.StartAsync(reports: _receiver))
        {
            foreach (var (bufferLength, startup) in new[] { (0, ",su"), (2000, ""), (4000, "") })
            {
                using var response = asFields
                    ? await edge.GetAsync(
                        "v720.mp4", "Range", "bytes=0-999", "CMCD-Session", "sid=\"a-session\",sf=h,st=v", "CMCD-Object", "br=3000,d=2000,ot=v",
                        "CMCD-Request", $"bl={bufferLength},mtp=9000{startup}")
                    : await edge.GetAsync(
                        "v720.mp4?CMCD=" + Uri.EscapeDataString($"sid=\"a-session\",sf=h,st=v,br=3000,d=2000,ot=v,bl={bufferLength},mtp=9000{startup}"), "Range", "bytes=0-999");
                Assert.Equal(HttpStatusCode.PartialContent, response.StatusCode);
            }

            // Nothing is said, or nothing that can be read, or of a URL that the token does not open.
            using (await edge.GetAsync("v720.mp4", "Range", "bytes=0-999")) { }
            using (await edge.GetAsync("v720.mp4?CMCD=sid%3D%22", "Range", "bytes=0-999")) { }
            using (await edge.SendAsync(HttpMethod.Get, $"/x/assets/{Film.Asset}/v1/v720.mp4?CMCD=sid%3D%22b%22%2Cot%3Dv")) { }
            await Eventually.TrueAsync(() => edge.Figures["movento.edge.playback.malformed"] == 1 && edge.Figures.Of(EdgeOutcome.TokenMalformed) == 1, "every request is seen");
            await Eventually.TrueAsync(() => edge.Figures.Of(EdgeOutcome.Partial) == 5, "every answer is over");
            Assert.Equal(1, edge.Figures["movento.edge.playback.sessions"]);
            await edge.StopAsync();
        }

        var playback = Assert.Single(Assert.Single(_receiver.Messages).Playbacks);
        Assert.Equal((Film.Asset.Value, 1, "a-session", "stopped"), (playback.AssetId, playback.Version, playback.SessionId, playback.Ending));
        Assert.Equal((3, 3000, 3000, 9000), (playback.Requests, playback.Bytes, playback.MeanBitrate, playback.MeanThroughput));
    }

    public static TheoryData<string, string> Bodies => new()
    {
        { "application/cmcd", "e=ps,sid=\"r\",sta=s,ts=1000,v=2\ne=ps,sid=\"r\",sta=p,ts=1400,v=2\r\n\ne=ps,sid=\"r\",sta=e,ts=9000,v=2\n" },
        { "application/json", """[{"e":"ps","sid":"r","sta":"s","ts":1000,"v":2},{"sid":"r","sta":"p","ts":1400,"x":{}},{"sid":"r","sta":"e","ts":9000,"bs":true,"bl":[1,2]}]""" },
    };

    [Theory]
    [MemberData(nameof(Bodies))]
    public async Task Reports_PostedByAPlayer_AreTakenAndReportedOnceItHasEnded(string type, string body)
    {
        await using var edge = await EdgeHost.StartAsync(reports: _receiver);
        using var response = await PostAsync(edge, body, type);
        Assert.Equal(HttpStatusCode.NoContent, response.StatusCode);
        Assert.Equal("*", EdgeHost.Header(response, "Access-Control-Allow-Origin"));
        var table = edge.Services.GetRequiredService<PlaybackTable>();
        table.Sweep();
        Assert.Equal(1, table.Count);
        edge.Clock.Advance(TimeSpan.FromSeconds(11));
        await Eventually.TrueAsync(() => !_receiver.Messages.IsEmpty, "the report is sent");
        var playback = Assert.Single(Assert.Single(_receiver.Messages).Playbacks);
        Assert.Equal(("r", "ended", 0.4), (playback.SessionId, playback.Ending, playback.StartSeconds));
        Assert.Equal(0, table.Count);
    }

    [Theory]
    [InlineData("", 400)]
    [InlineData("=", 400)]
    [InlineData("sid=\"x\"\nsid=\"", 400)]
    [InlineData("{", 400)]
    [InlineData("[1]", 400)]
    [InlineData("[[{}]]", 400)]
    [InlineData("{}{}", 400)]
    [InlineData("{\"sid\":\"\\ud800\"}", 400)]
    [InlineData("\u00ff\u0000", 204)]
    public async Task Report_ThatIsNone_IsRefused(string body, int status)
    {
        await using var edge = await EdgeHost.StartAsync(reports: _receiver);
        using var response = await PostAsync(edge, body);
        Assert.Equal(status, (int)response.StatusCode);
        if (status == 400) Assert.Contains("cmcd_malformed", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Report_LargerThanAny_Is413()
    {
        await using var edge = await EdgeHost.StartAsync(reports: _receiver);
        using var response = await PostAsync(edge, new string('x', (64 << 10) + 1));
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, response.StatusCode);
        using var deep = await PostAsync(edge, new string('[', 60_000));
        Assert.Equal(HttpStatusCode.BadRequest, deep.StatusCode);
        using var many = await PostAsync(edge, string.Concat(Enumerable.Repeat("v=2\n", 201)));
        Assert.Equal(HttpStatusCode.BadRequest, many.StatusCode);
    }

    [Fact]
    public async Task Report_WithoutAGoodToken_IsForbidden()
    {
        await using var edge = await EdgeHost.StartAsync(reports: _receiver);
        using var content = new StringContent("sid=\"x\",ot=v");
        using var response = await edge.Client.PostAsync($"http://{edge.EndPoint}/x/assets/{Film.Asset}/v1/cmcd", content);
        Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
        using var get = await edge.GetAsync("cmcd");
        Assert.Equal(HttpStatusCode.MethodNotAllowed, get.StatusCode);
        Assert.Equal("POST, OPTIONS", EdgeHost.Header(get, "Allow"));
    }

    [Fact]
    public async Task Playbacks_MoreThanFit_MakeRoomAndAreReported()
    {
        await using (var edge = await EdgeHost.StartAsync(options => options.Playback.MaxSessions = 10, reports: _receiver))
        {
            using var response = await PostAsync(edge, string.Join('\n', Enumerable.Range(0, 150).Select(number => $"sid=\"{number}\",ot=v,d=1")));
            Assert.Equal(10, edge.Services.GetRequiredService<PlaybackTable>().Count);
            await edge.StopAsync();
        }

        var playbacks = _receiver.Messages.SelectMany(message => message.Playbacks).ToArray();
        Assert.Equal(Enumerable.Range(0, 150).Select(number => $"{number}").Order(), playbacks.Select(playback => playback.SessionId).Order());
        Assert.Equal(140, playbacks.Count(playback => playback.Ending == "evicted"));
        Assert.All(_receiver.Messages, message => Assert.InRange(message.Playbacks.Count, 1, 100));
    }

    [Fact]
    public async Task Reports_ThatCannotBeSent_AreCountedAndStopNobody()
    {
        _receiver.Failure = new InvalidOperationException("no broker");
        var edge = await EdgeHost.StartAsync(options => (options.Playback.MaxSessions, options.Playback.MaxWaiting) = (10, 20), reports: _receiver);
        await using (edge)
        {
            using var response = await PostAsync(edge, string.Join('\n', Enumerable.Range(0, 150).Select(number => $"sid=\"{number}\",ot=v,d=1")));
            Assert.Equal(HttpStatusCode.NoContent, response.StatusCode);
            await Eventually.TrueAsync(() => edge.Figures["movento.edge.playback.reports.lost"] == 140, "what is dropped is counted");
            using var film = await edge.GetAsync("a0.mp4");
            Assert.Equal(edge.Film.Audio, await film.Content.ReadAsByteArrayAsync());
        }

        Assert.Empty(_receiver.Messages);
    }

    [Fact]
    public async Task Stop_WhileAMessageIsOnItsWay_SendsTheSameOnceMore()
    {
        _receiver.Hangs = true;
        await using (var edge = await EdgeHost.StartAsync(reports: _receiver))
        {
            using (await PostAsync(edge, "e=ps,sid=\"first\",sta=e,ts=1000,v=2")) { }
            edge.Clock.Advance(TimeSpan.FromSeconds(11));
            await Eventually.TrueAsync(() => !_receiver.Messages.IsEmpty, "the first is on its way");
            using (await PostAsync(edge, "e=ps,sid=\"second\",sta=p,ts=1000,v=2")) { }
            await edge.StopAsync();
            Assert.Equal(0, edge.Figures["movento.edge.playback.reports.lost"]);
        }

        var messages = _receiver.Messages.ToArray();
        Assert.Equal(["first", "first", "second"], messages.Select(message => Assert.Single(message.Playbacks).SessionId));
        Assert.Equal(messages[0].Id, messages[1].Id);
        Assert.NotEqual(messages[0].Id, messages[2].Id);
    }

    [Fact]
    public async Task Message_ThatIsTriedAgain_KeepsItsId()
    {
        _receiver.FailuresAfterReceipt = 2;
        await using (var edge = await EdgeHost.StartAsync(reports: _receiver))
        {
            using (await PostAsync(edge, "e=ps,sid=\"a\",sta=p,ts=1000,v=2")) { }
            await edge.StopAsync();
        }

        Assert.Equal(3, _receiver.Messages.Count);
        Assert.Single(_receiver.Messages.Select(message => message.Id).Distinct());
    }

    private static async Task<HttpResponseMessage> PostAsync(EdgeHost edge, string body, string type = "text/plain")
    {
        using var content = new ByteArrayContent(Encoding.Latin1.GetBytes(body));
        content.Headers.TryAddWithoutValidation("Content-Type", type);
        return await edge.Client.PostAsync($"http://{edge.EndPoint}{edge.Path("cmcd")}", content);
    }

    private sealed class Receiver : IPlaybackReports
    {
        public ConcurrentQueue<PlaybacksObserved> Messages { get; } = new();

        public Exception? Failure { get; set; }

        /// <summary>Takes the next message, and does not come back to say so.</summary>
        public bool Hangs { get; set; }

        /// <summary>So often it takes a message, and says it has not.</summary>
        public int FailuresAfterReceipt { get; set; }

        public async Task SendAsync(PlaybacksObserved message, CancellationToken cancellationToken)
        {
            if (Failure is not null) throw Failure;
            Messages.Enqueue(message);
            if (FailuresAfterReceipt-- > 0) throw new InvalidOperationException("the answer was lost");
            if (!Hangs) return;
            Hangs = false;
            await new TaskCompletionSource().Task.WaitAsync(cancellationToken);
        }
    }
}
