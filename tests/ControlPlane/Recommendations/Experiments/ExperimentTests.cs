using System.Net;
using System.Text.Json;
using Movento.Contracts;
using Movento.ControlPlane.Recommendations;
using Movento.ControlPlane.Recommendations.Experiments;
using Movento.Harness;

namespace Movento.ControlPlane.Tests.Recommendations.Experiments;

public sealed class ExperimentTests(ControlPlaneFixture fixture) : RecommendationsTest(fixture)
{
    private const string Path = "/api/recommendations/experiment";

    [Fact]
    public void Variant_IsDealtByTheShare_AndStaysAViewersOwn()
    {
        var options = new RecommendationsOptions { ControlShare = 0.3 };
        var viewers = Enumerable.Range(0, 5000).Select(number => new Guid(number, 0, 0, new byte[8])).ToArray();
        var dealt = viewers.Select(viewer => Variant.Of(viewer, options)).ToArray();
        Assert.InRange(dealt.Count(variant => variant == Variant.Control), 1350, 1650);
        Assert.Equal(dealt, viewers.Select(viewer => Variant.Of(viewer, options)));

        // Another experiment deals anew.
        var again = viewers.Select(viewer => Variant.Of(viewer, new RecommendationsOptions { ControlShare = 0.3, Experiment = "other" })).ToArray();
        Assert.InRange(dealt.Zip(again).Count(pair => pair is (Variant.Control, Variant.Control)), 350, 550);
        Assert.All(viewers, viewer => Assert.Equal(Variant.Model, Variant.Of(viewer, new RecommendationsOptions())));
        Assert.All(viewers, viewer => Assert.Equal(Variant.Control, Variant.Of(viewer, new RecommendationsOptions { ControlShare = 1 })));
    }

    [Fact]
    public async Task Report_IsForEditors()
    {
        (await App.GetAsync(Path)).IsProblem(HttpStatusCode.Unauthorized, "unauthenticated");
        (await App.GetAsync(Path, (await App.SignInAsync("viewer@example.com")).AccessToken)).IsProblem(HttpStatusCode.Forbidden, "forbidden");
        (await App.GetAsync(Path + "?days=0", (await App.SignInAsync("e@example.com", Access.EditorRole)).AccessToken)).NamesFields("days");
    }

    [Fact]
    public async Task Report_CountsTheRowsThatWereFollowed()
    {
        var films = await PublishAsync(10);
        await CrowdWatchesAsync(films, 40);
        await Refit.RefitAsync(default);
        await LookAsync();
        var follower = await App.SignInAsync("follower@example.com");
        var other = await App.SignInAsync("other@example.com");
        foreach (var viewer in (string[])[follower.Id, other.Id]) await WatchAsync(Guid.Parse(viewer), films[1]);
        var recommended = (await RowAsync(follower.AccessToken, "for_you"))![0];
        await RowAsync(other.AccessToken, "for_you");

        // One watches what was recommended; the other does so two days later, for other reasons.
        await WatchAsync(Guid.Parse(follower.Id), AssetId.Parse(recommended));
        App.Clock.Advance(TimeSpan.FromDays(2));
        await WatchAsync(Guid.Parse(other.Id), AssetId.Parse(recommended));

        var editor = (await App.SignInAsync("e@example.com", Access.EditorRole)).AccessToken;
        JsonElement row = default;
        await Eventually.TrueAsync(
            async () => (row = (await App.GetAsync(Path, editor)).Json.GetProperty("items").EnumerateArray().FirstOrDefault(item => item.GetProperty("kind").GetString() == "for_you")).ValueKind != JsonValueKind.Undefined
                && row.GetProperty("rows").GetInt64() == 2,
            "both rows are written down");
        Assert.Equal(("model", 2, 1), (row.GetProperty("variant").GetString(), row.GetProperty("viewers").GetInt32(), row.GetProperty("followed").GetInt32()));
    }

    [Fact]
    public async Task Control_GetsWhatIsWatchedMost()
    {
        var films = await PublishAsync(10);
        await CrowdWatchesAsync(films, 40);
        await Refit.RefitAsync(default);
        await LookAsync();
        App.Options.Recommendations = new RecommendationsOptions { ControlShare = 1 };
        var viewer = await App.SignInAsync("viewer@example.com");
        await WatchAsync(Guid.Parse(viewer.Id), films[1]);
        var answer = await App.GetAsync("/api/recommendations/home", viewer.AccessToken);
        Assert.Equal("control", answer.Json.GetProperty("variant").GetString());
        Assert.Equal("trending", answer.Json.GetProperty("rows")[0].GetProperty("kind").GetString());
    }
}
