using System.Net;
using MassTransit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Movento.Contracts;
using Movento.ControlPlane.Catalogue;
using Movento.ControlPlane.Catalogue.Playability;
using Movento.Servers;

namespace Movento.ControlPlane.Tests.Catalogue.Playability;

public sealed class PlayabilityTests(ControlPlaneFixture fixture) : ControlPlaneTest(fixture)
{
    private readonly ControlPlaneFixture _fixture = fixture;

    [Fact]
    public async Task Check_EveryStateOfAFilm_IsAnsweredWithItsReason()
    {
        var owner = await App.SignInAsync("o@example.com", Access.EditorRole);
        var user = Guid.ParseExact(owner.Id, "N");
        var id = AssetId.New(App.Clock.Now);
        var path = $"/api/movies/{id}/details";
        var bus = App.Services.GetRequiredService<IBus>();

        Assert.Equal((false, PlayabilityRefusal.Unknown), await RefusalAsync("DE"));
        await App.AnnounceAsync(new AssetAccepted(id.Value, user, "A", App.Clock.Now));
        Assert.Equal((true, PlayabilityRefusal.NotReady), await RefusalAsync("DE"));
        await App.AnnounceAsync(new AssetPublished(id.Value, user, "A", 3, 61.5, 1280, 720, true, App.Clock.Now));
        Assert.Equal(new MoviePlayability(id.Value, true, true, null, "A", 3, 61.5, false, null), await AskAsync(bus, id, null));

        await SayAsync(new { status = "draft", ageRating = new { label = "FSK 16", minimumAge = 16 } });
        Assert.Equal((true, PlayabilityRefusal.Draft), await RefusalAsync("DE"));
        await SayAsync(new { status = "scheduled", publishAt = "2026-03-01T10:05:00Z", windows = new[] { new { countries = new[] { "DE" } } } });
        Assert.Equal((true, PlayabilityRefusal.Scheduled), await RefusalAsync("DE"));
        App.Clock.Advance(TimeSpan.FromMinutes(5));
        Assert.Equal((true, null), await RefusalAsync("de"));
        Assert.Equal((true, PlayabilityRefusal.NotOpen), await RefusalAsync("FR"));
        Assert.Equal((true, PlayabilityRefusal.NotOpen), await RefusalAsync(null));
        Assert.Equal((true, PlayabilityRefusal.NotOpen), await RefusalAsync("'; --"));
        Assert.Equal(16, (await AskAsync(bus, id, "DE")).MinimumAge);

        var series = (await App.PostAsync("/api/series", new { title = "S", status = "draft" }, owner.AccessToken)).Headers.Location!.ToString().Split('/')[3];
        await SayAsync(new { episode = new { seriesId = series, season = 1, number = 1 } });
        Assert.Equal((true, PlayabilityRefusal.NotOpen), await RefusalAsync("DE"));
        await App.AnnounceAsync(new AssetDeleted(id.Value, App.Clock.Now));
        Assert.Equal((false, PlayabilityRefusal.Unknown), await RefusalAsync("DE"));

        async Task<(bool, string?)> RefusalAsync(string? country)
        {
            var answer = await AskAsync(bus, id, country);
            Assert.Equal(answer.Refusal is null, answer.MayBePlayed);
            return (answer.Exists, answer.Refusal);
        }

        async Task SayAsync(object details) =>
            Assert.Equal(HttpStatusCode.OK, (await App.EditAsync(HttpMethod.Patch, path, details, owner.AccessToken, "*")).Status);
    }

    [Fact]
    public async Task Check_OverRabbitMq_IsAnsweredToAnotherProcess()
    {
        var rabbit = new RabbitMqFixture();
        await rabbit.InitializeAsync();
        try
        {
            var id = await App.PublishAsync("A");
            using var catalogue = Build(rabbit.Address, bus => bus.AddConsumer<AnswerPlayability, AnswerPlayability.Endpoint>());
            using var other = Build(rabbit.Address, _ => { });
            await catalogue.StartAsync();
            await other.StartAsync();
            var answer = await AskAsync(other.Services.GetRequiredService<IBus>(), id, null);
            Assert.True(answer.MayBePlayed);
            Assert.Equal("A", answer.Title);
            await other.StopAsync();
            await catalogue.StopAsync();
        }
        finally
        {
            await rabbit.DisposeAsync();
        }
    }

    private static async Task<MoviePlayability> AskAsync(IBus bus, AssetId id, string? country) =>
        (await bus.CreateRequestClient<CheckMoviePlayable>(RequestTimeout.After(m: 1)).GetResponse<MoviePlayability>(new CheckMoviePlayable(id.Value, country))).Message;

    private IHost Build(string rabbit, Action<IBusRegistrationConfigurator> consumers)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Services.AddSingleton<TimeProvider>(App.Clock);
        builder.Services.AddSingleton(new CatalogueDatabase(_fixture.Catalogue));
        builder.Services.AddSingleton<PlayabilityCheck>();
        builder.Services.AddOptions<MassTransitHostOptions>().Configure(options => options.WaitUntilStarted = true);
        builder.Services.AddMassTransit(bus =>
        {
            consumers(bus);
            bus.UsingRabbitMq((context, configurator) =>
            {
                configurator.Host(new Uri(rabbit));
                configurator.ConfigureEndpoints(context);
            });
        });
        return builder.Build();
    }
}
