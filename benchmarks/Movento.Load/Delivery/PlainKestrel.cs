using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.FileProviders;
using Microsoft.Extensions.Logging;
using Movento.Harness;

namespace Movento.Load.Delivery;

/// <summary>Kestrel as it comes, with the static files middleware: what one gets without thinking. It checks no token.</summary>
internal sealed class PlainKestrel : IDeliveryServer
{
    /// <summary>The word by which this executable runs as that server.</summary>
    public const string Command = "plain-kestrel";

    private readonly BackgroundProcess _process;
    private readonly int _port;

    private PlainKestrel(BackgroundProcess process, int port) => (_process, _port) = (process, port);

    public string Name => "plain kestrel";

    public string Configuration => "ASP.NET Core's static files over Kestrel's defaults, server GC, no token";

    public IReadOnlyList<int> Processes => [_process.Id];

    public static async Task<PlainKestrel> StartAsync(string folder, string files)
    {
        Directory.CreateDirectory(folder);
        var port = FreePort.Next();
        var process = await BackgroundProcess.StartAsync(
            ["dotnet", typeof(PlainKestrel).Assembly.Location, Command, files, $"http://127.0.0.1:{port}"], Path.Combine(folder, "output"), port, ("DOTNET_gcServer", "1"));
        return new PlainKestrel(process, port);
    }

    /// <summary>What the process does.</summary>
    public static Task ServeAsync(string files, string url)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls(url);
        var app = builder.Build();
        app.UseStaticFiles(new StaticFileOptions { FileProvider = new PhysicalFileProvider(files), ServeUnknownFileTypes = true });
        return app.RunAsync();
    }

    public Uri UrlOf(DeliveredFile file) => new($"http://127.0.0.1:{_port}/{DeliverySite.NameOf(file)}");

    public ValueTask DisposeAsync() => _process.DisposeAsync();
}
