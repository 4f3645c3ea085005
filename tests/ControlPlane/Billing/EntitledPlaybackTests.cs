using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Movento.Contracts;
using Movento.Harness;

namespace Movento.ControlPlane.Tests.Billing;

public sealed class EntitledPlaybackTests(BillingFixture fixture) : BillingTest(fixture)
{
    private RevocationRecorder Edges => (RevocationRecorder)App.Services.GetRequiredService<IPlaybackRevocations>();

    [Fact]
    public async Task Grant_WithoutAPlan_IsRefusedByName_AndEditorsNeedNone()
    {
        var film = await App.PublishAsync("A");
        var refused = await GrantAsync(await App.SignInAsync("a@example.com"), film);
        refused.IsProblem(HttpStatusCode.Forbidden, "plan_required");
        Assert.Contains("/api/payments/", refused.Json.GetProperty("hint").GetString(), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, (await GrantAsync(await App.SignInAsync("e@example.com", Access.EditorRole), film)).Status);
    }

    [Fact]
    public async Task Grant_WithAPlan_IsAsSharpAsThePlan()
    {
        var user = await App.SignInAsync("a@example.com");
        var film = await App.PublishAsync("A");
        await SubscribeAsync(user, Basic);
        Open(await GrantAsync(user, film), out var claims);
        Assert.Equal(720, claims.MaxHeight);
        Open(await GrantAsync(user, film, "?maxHeight=480"), out claims);
        Assert.Equal(480, claims.MaxHeight);
        Open(await GrantAsync(user, film, "?maxHeight=2160"), out claims);
        Assert.Equal(720, claims.MaxHeight);
    }

    [Fact]
    public async Task Grant_OfACancelledPlan_OpensToItsEndAndNotASecondLonger()
    {
        var user = await App.SignInAsync("a@example.com");
        var film = await App.PublishAsync("A");
        var subscription = await SubscribeAsync(user, Premium);
        Stripe.SetCancelAtPeriodEnd(subscription, true);
        await DeliverAsync();
        user = await LaterAsync(user, TimeSpan.FromDays(31) - TimeSpan.FromMinutes(10));
        var grant = await GrantAsync(user, film);
        Assert.Equal(PlaybackTokenOutcome.Valid, Open(grant, out _));
        user = await LaterAsync(user, TimeSpan.FromSeconds(599));
        Assert.Equal(PlaybackTokenOutcome.Valid, Open(grant, out _));
        user = await LaterAsync(user, TimeSpan.FromSeconds(1));
        Assert.Equal(PlaybackTokenOutcome.Expired, Open(grant, out _));
        (await GrantAsync(user, film)).IsProblem(HttpStatusCode.Forbidden, "plan_ended");
    }

    [Fact]
    public async Task Cancel_AtOnce_TakesWhatPlaysBackAtTheEdges()
    {
        var user = await App.SignInAsync("a@example.com");
        var film = await App.PublishAsync("A");
        var subscription = await SubscribeAsync(user, Premium);
        Open(await GrantAsync(user, film), out var claims);
        Stripe.Cancel(subscription);
        await DeliverAsync();
        await Eventually.TrueAsync(() => Edges.Told.Contains(new PlaybackRevoked(claims.Session, claims.Expires)), "the edges are told");
        (await BeatAsync(user, claims.Session)).IsProblem(HttpStatusCode.Gone, "stream_ended");
    }

    [Fact]
    public async Task Heartbeat_OfWhomNobodyTold_HearsThatThePlanIsOver()
    {
        var user = await App.SignInAsync("a@example.com");
        var film = await App.PublishAsync("A");
        var subscription = await SubscribeAsync(user, Premium);
        Stripe.SetCancelAtPeriodEnd(subscription, true);
        await DeliverAsync();
        user = await LaterAsync(user, TimeSpan.FromDays(30.9));
        Open(await GrantAsync(user, film), out var claims);
        Assert.Equal(HttpStatusCode.NoContent, (await BeatAsync(user, claims.Session)).Status);
        App.Clock.Advance(TimeSpan.FromDays(0.05));
        user = await App.SignInAgainAsync(Guid.Parse(user.Id));
        Assert.Equal(HttpStatusCode.NoContent, (await BeatAsync(user, claims.Session)).Status);
        App.Clock.Advance(TimeSpan.FromDays(0.05));
        user = await App.SignInAgainAsync(Guid.Parse(user.Id));
        Assert.NotEqual(HttpStatusCode.NoContent, (await BeatAsync(user, claims.Session)).Status);
    }

    [Fact]
    public async Task Streams_AreAsManyAsThePlanHas()
    {
        var user = await App.SignInAsync("a@example.com");
        var film = await App.PublishAsync("A");
        await SubscribeAsync(user, Basic);
        Assert.Equal(HttpStatusCode.OK, (await GrantAsync(user, film, Device(1))).Status);
        (await GrantAsync(user, film, Device(2))).IsProblem(HttpStatusCode.Conflict, "stream_limit_reached");
    }

    [Fact]
    public async Task Streams_OfTheSameDevice_ReplaceEachOther()
    {
        var user = await App.SignInAsync("a@example.com");
        var film = await App.PublishAsync("A");
        await SubscribeAsync(user, Basic);
        Open(await GrantAsync(user, film, Device(1)), out var first);
        Assert.Equal(HttpStatusCode.OK, (await GrantAsync(user, film, Device(1))).Status);
        Assert.Contains(new PlaybackRevoked(first.Session, first.Expires), Edges.Told);
        (await BeatAsync(user, first.Session)).IsProblem(HttpStatusCode.Gone, "stream_ended");
    }

    [Fact]
    public async Task Streams_ThatFallSilent_GiveTheirPlace_ThoseThatBeatDoNot()
    {
        var user = await App.SignInAsync("a@example.com");
        var film = await App.PublishAsync("A");
        await SubscribeAsync(user, Basic);
        Open(await GrantAsync(user, film, Device(1)), out var first);
        for (var i = 0; i < 6; i++)
        {
            App.Clock.Advance(TimeSpan.FromSeconds(30));
            Assert.Equal(HttpStatusCode.NoContent, (await BeatAsync(user, first.Session)).Status);
        }

        (await GrantAsync(user, film, Device(2))).IsProblem(HttpStatusCode.Conflict, "stream_limit_reached");
        App.Clock.Advance(TimeSpan.FromSeconds(91));
        // Nobody wants its place: it goes on.
        Assert.Equal(HttpStatusCode.NoContent, (await BeatAsync(user, first.Session)).Status);
        App.Clock.Advance(TimeSpan.FromSeconds(91));
        Assert.Equal(HttpStatusCode.OK, (await GrantAsync(user, film, Device(2))).Status);
        Assert.Contains(new PlaybackRevoked(first.Session, first.Expires), Edges.Told);
        (await BeatAsync(user, first.Session)).IsProblem(HttpStatusCode.Gone, "stream_ended");
    }

    [Fact]
    public async Task Streams_ThatAreEnded_GiveTheirPlaceAtOnce()
    {
        var (user, other) = (await App.SignInAsync("a@example.com"), await App.SignInAsync("b@example.com"));
        var film = await App.PublishAsync("A");
        await SubscribeAsync(user, Basic);
        Open(await GrantAsync(user, film, Device(1)), out var first);
        Assert.Equal(HttpStatusCode.NoContent, (await EndAsync(other, first.Session)).Status);
        Assert.Equal(HttpStatusCode.NoContent, (await BeatAsync(user, first.Session)).Status);
        (await BeatAsync(other, first.Session)).IsProblem(HttpStatusCode.Gone, "stream_ended");
        Assert.Equal(HttpStatusCode.NoContent, (await EndAsync(user, first.Session)).Status);
        Assert.Equal(HttpStatusCode.OK, (await GrantAsync(user, film, Device(2))).Status);
    }

    [Fact]
    public async Task Streams_WantedAtTheSameTime_AreNeverMoreThanThePlanHas()
    {
        var user = await App.SignInAsync("a@example.com");
        var film = await App.PublishAsync("A");
        await SubscribeAsync(user, Premium);
        var grants = await Task.WhenAll(Enumerable.Range(0, 24).Select(i => GrantAsync(user, film, Device(i))));
        Assert.Equal(4, grants.Count(grant => grant.Status == HttpStatusCode.OK));
        Assert.All(grants.Where(grant => grant.Status != HttpStatusCode.OK), grant => grant.IsProblem(HttpStatusCode.Conflict, "stream_limit_reached"));
    }

    [Fact]
    public async Task Streams_BeyondASmallerPlan_EndTheNewestFirst()
    {
        var user = await App.SignInAsync("a@example.com");
        var film = await App.PublishAsync("A");
        var subscription = await SubscribeAsync(user, Premium);
        var sessions = new List<PlaybackClaims>();
        for (var i = 0; i < 3; i++)
        {
            Open(await GrantAsync(user, film, Device(i)), out var claims);
            sessions.Add(claims);
            App.Clock.Advance(TimeSpan.FromSeconds(1));
        }

        Stripe.ChangePrice(subscription, Basic, invoiceNow: false);
        await DeliverAsync();
        await Eventually.TrueAsync(() => sessions[1..].TrueForAll(claims => Edges.Told.Contains(new PlaybackRevoked(claims.Session, claims.Expires))), "the edges are told");
        Assert.Equal(HttpStatusCode.NoContent, (await BeatAsync(user, sessions[0].Session)).Status);
    }

    [Fact]
    public async Task Streams_WhoseEndTheEdgesCannotBeTold_AreToldAgain()
    {
        var user = await App.SignInAsync("a@example.com");
        var film = await App.PublishAsync("A");
        await SubscribeAsync(user, Basic);
        Open(await GrantAsync(user, film, Device(1)), out var first);
        Edges.IsReachable = false;
        try
        {
            Assert.Equal(HttpStatusCode.NoContent, (await EndAsync(user, first.Session)).Status);
            Assert.DoesNotContain(new PlaybackRevoked(first.Session, first.Expires), Edges.Told);
        }
        finally
        {
            Edges.IsReachable = true;
        }

        await App.Services.GetRequiredService<ControlPlane.Playback.StreamSweep>().SweepAsync(CancellationToken.None);
        Assert.Contains(new PlaybackRevoked(first.Session, first.Expires), Edges.Told);
    }

    [Fact]
    public async Task Devices_AreListedWithWhatPlays_AndCanBeForgotten()
    {
        var user = await App.SignInAsync("a@example.com");
        var film = await App.PublishAsync("A");
        await SubscribeAsync(user, Premium);
        for (var i = 0; i < 3; i++)
        {
            await GrantAsync(user, film, Device(i) + "&deviceName=TV%20" + i);
            App.Clock.Advance(TimeSpan.FromMinutes(1));
        }

        var seen = new List<string>();
        for (string? next = ""; next is not null;)
        {
            var page = (await App.GetAsync($"/api/streaming/devices?limit=2{(next.Length == 0 ? "" : $"&after={next}")}", user.AccessToken)).Json;
            seen.AddRange(page.GetProperty("items").EnumerateArray().Select(item => item.GetProperty("name").GetString()!));
            Assert.All(page.GetProperty("items").EnumerateArray(), item => Assert.Equal(film.ToString(), item.GetProperty("streams")[0].GetProperty("assetId").GetString()));
            next = page.GetProperty("next").GetString();
        }

        Assert.Equal(["TV 2", "TV 1", "TV 0"], seen);
        var other = await App.SignInAsync("b@example.com");
        Assert.Equal("""{"items":[],"next":null}""", (await App.GetAsync("/api/streaming/devices", other.AccessToken)).Text);
        var path = $"/api/streaming/devices/{1:d32}";
        (await App.SendAsync(HttpMethod.Delete, path, accessToken: other.AccessToken)).IsProblem(HttpStatusCode.NotFound, "not_found");
        Assert.Equal(HttpStatusCode.NoContent, (await App.SendAsync(HttpMethod.Delete, path, accessToken: user.AccessToken)).Status);
        Assert.Equal(2, (await App.GetAsync("/api/streaming/devices", user.AccessToken)).Json.GetProperty("items").GetArrayLength());
    }

    [Theory]
    [InlineData("?deviceId=x", "deviceId")]
    [InlineData("?deviceName=", "deviceName")]
    [InlineData("?deviceName=a%0Ab&maxHeight=0", "deviceName", "maxHeight")]
    public async Task Grant_WithADeviceThatIsNone_IsNamed(string query, params string[] fields)
    {
        var film = await App.PublishAsync("A");
        (await GrantAsync(await App.SignInAsync("a@example.com"), film, query)).NamesFields(fields);
    }

    [Fact]
    public async Task Heartbeat_OfWhatIsNone_IsNamed()
    {
        var user = await App.SignInAsync("a@example.com");
        (await App.PostAsync("/api/streaming/heartbeats", new { session = "x" }, user.AccessToken)).NamesFields("session");
        (await App.PostAsync("/api/streaming/heartbeats", new { }, user.AccessToken)).NamesFields("session");
        (await BeatAsync(user, Guid.NewGuid())).IsProblem(HttpStatusCode.Gone, "stream_ended");
        (await App.PostAsync("/api/streaming/heartbeats", new { session = $"{Guid.NewGuid():N}" })).IsProblem(HttpStatusCode.Unauthorized, "unauthenticated");
    }

    private Task<Answer> BeatAsync(SignedInUser user, Guid session) => App.PostAsync("/api/streaming/heartbeats", new { session = session.ToString("N") }, user.AccessToken);

    private Task<Answer> EndAsync(SignedInUser user, Guid session) => App.SendAsync(HttpMethod.Delete, $"/api/streaming/sessions/{session:N}", accessToken: user.AccessToken);

    private static string Device(int number) => $"?deviceId={number:d32}";
}
