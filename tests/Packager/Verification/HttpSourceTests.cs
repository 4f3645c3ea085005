using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.FileProviders;
using Microsoft.Extensions.Logging;
using Movento.Packager.Presentations;
using Movento.Packager.Verification;

namespace Movento.Packager.Tests.Verification;

[Collection(nameof(Films))]
public sealed class HttpSourceTests(Films films)
{
    [Fact]
    public async Task Ours_OnAServerWithRanges_IsAcceptedWithoutReadingItAll()
    {
        using var film = await FilmAsync();
        await using var server = await StartAsync(film, app => app);
        var report = await VerifyAsync(server, "master.m3u8?session=1");
        Assert.Empty(report.Findings.Select(finding => finding.ToString()));
        Assert.Equal(3, report.Tracks.Count);
        Assert.True((await VerifyAsync(server, "manifest.mpd")) is { HasErrors: false, Tracks.Count: 2 });
    }

    [Fact]
    public async Task Ours_OnAServerWithoutRanges_IsAccepted()
    {
        using var film = await FilmAsync();
        await using var server = await StartAsync(film, app => app.Use((context, next) =>
        {
            context.Request.Headers.Remove("Range");
            return next(context);
        }));
        Assert.Empty((await VerifyAsync(server, "master.m3u8")).Findings.Select(finding => finding.ToString()));
    }

    [Fact]
    public async Task Redirect_ToElsewhere_IsNotFollowed()
    {
        using var film = await FilmAsync();
        var followed = false;
        await using var server = await StartAsync(film, app => app.Use((context, next) =>
        {
            followed |= context.Request.Path.Value!.Contains("elsewhere", StringComparison.Ordinal);
            if (!context.Request.Path.Value.EndsWith("v.mp4", StringComparison.Ordinal))
                return next(context);
            context.Response.Redirect("/elsewhere/v.mp4");
            return Task.CompletedTask;
        }));
        var report = await VerifyAsync(server, "master.m3u8");
        Assert.Contains(report.Findings, finding => finding.Rule.Id == "source-missing" && finding.Sentence.Contains("302", StringComparison.Ordinal));
        Assert.False(followed);
    }

    [Fact]
    public async Task Manifest_ThatIsNotThere_IsNamed()
    {
        using var film = await FilmAsync();
        await using var server = await StartAsync(film, app => app);
        Assert.Contains((await VerifyAsync(server, "other.m3u8")).Findings, finding => finding.Rule.Id == "source-missing" && finding.Sentence.Contains("404", StringComparison.Ordinal));
    }

    private async Task<PackagedFilm> FilmAsync()
    {
        var film = await PackagedFilm.OfAsync(films.BFrames, TrackKind.Video, TrackKind.Audio);
        await film.WriteManifestsAsync();
        return film;
    }

    private static async Task<VerificationReport> VerifyAsync(WebApplication server, string name)
    {
        using var handler = HttpSource.CreateHandler();
        using var client = new HttpClient(handler, disposeHandler: false);
        var address = server.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();
        return await PresentationVerifier.VerifyAsync(new HttpSource(client, new Uri($"{address}/token/film/{name}")));
    }

    private static async Task<WebApplication> StartAsync(PackagedFilm film, Func<IApplicationBuilder, IApplicationBuilder> configure)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        configure(app);
        app.UseStaticFiles(new StaticFileOptions
        {
            FileProvider = new PhysicalFileProvider(Path.GetDirectoryName(film.Hls)!), RequestPath = "/token/film", ServeUnknownFileTypes = true,
        });
        await app.StartAsync();
        return app;
    }
}
