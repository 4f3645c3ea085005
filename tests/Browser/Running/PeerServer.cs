using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.StaticFiles;
using Microsoft.Extensions.FileProviders;
using Microsoft.Extensions.Logging;
using Movento.Harness;

namespace Movento.Browser.Tests.Running;

/// <summary>A web site that is none of ours, with other people's players on it: to the edge it is just another origin.</summary>
internal sealed class PeerServer : IAsyncDisposable
{
    private readonly WebApplication _app;

    private PeerServer(WebApplication app) => _app = app;

    /// <summary>The page of one player, such as <c>shaka</c>.</summary>
    public string PageOf(string player) => $"{_app.Urls.Single()}/{player}.html";

    public static async Task<PeerServer> StartAsync()
    {
        var packages = Repository.Combine("tests", "npm", "node_modules");
        if (!Directory.Exists(packages)) throw new InvalidOperationException("These tests need the npm players: npm ci in tests/npm.");

        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        var app = builder.Build();
        var types = new FileExtensionContentTypeProvider { Mappings = { [".mjs"] = "text/javascript" } };
        app.UseStaticFiles(new StaticFileOptions
        {
            FileProvider = new PhysicalFileProvider(Repository.Combine("tests", "Browser", "Peers")), ContentTypeProvider = types,
        });
        app.UseStaticFiles(new StaticFileOptions
        {
            FileProvider = new PhysicalFileProvider(packages), RequestPath = "/packages", ContentTypeProvider = types,
        });
        // Our own pages' modules, for what they do where nobody has to sign in.
        app.UseStaticFiles(new StaticFileOptions
        {
            FileProvider = new PhysicalFileProvider(Repository.Combine("src", "Web", "wwwroot")), RequestPath = "/pages", ContentTypeProvider = types,
        });
        await app.StartAsync();
        return new PeerServer(app);
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}
