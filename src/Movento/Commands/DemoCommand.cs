using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Serialization;
using Movento.Client;
using Movento.ControlPlane.Identity;
using Movento.Hosting;
using Spectre.Console;

namespace Movento.Commands;

/// <summary><c>movento demo</c>: the whole way of a film on this machine, ending with URLs that play.</summary>
internal static partial class DemoCommand
{
    private const string Title = "Big Buck Bunny";

    /// <summary>Long enough to read the line and click it.</summary>
    private static readonly TimeSpan SignInLinkLifetime = TimeSpan.FromMinutes(15);

    public static Command Create()
    {
        var command = new Command("demo", "Run the system, upload a film, and print where it plays.");
        var options = new ServeOptions(command);
        var clip = new Option<string?>("--clip") { Description = "The film to upload (default: the bundled one)." };
        command.Options.Add(clip);
        command.SetAction((arguments, _) => Person.RunAsync(
            options, arguments, (host, cancellationToken) => RunAsync(host, arguments.GetValue(clip), cancellationToken)));
        return command;
    }

    private static async Task RunAsync(MoventoHost host, string? clip, CancellationToken cancellationToken)
    {
        if (host.Options.Roles != Roles.All) throw new StartException(["The demo runs every role in one process."]);
        var api = MoventoHost.AddressOf(host.Api!);
        using var client = new MoventoClient(new Uri(api));
        await client.SignInAsync(host.Secrets.OperatorEmail, host.Secrets.OperatorPassword, cancellationToken, SecondFactorPrompt.AskAsync);

        // 1. The film, unless an earlier demo has brought it.
        var memory = host.Options.Data.DemoFile;
        var path = Path.GetFullPath(clip ?? Path.Combine(AppContext.BaseDirectory, "demo.mp4"));
        var known = File.Exists(memory) ? JsonSerializer.Deserialize(await File.ReadAllBytesAsync(memory, cancellationToken), DemoJson.Default.Memory) : null;
        var assetId = known?.Clip == clip && known is not null && (await client.FindAsync(known.AssetId, cancellationToken))?.State == "published"
            ? known.AssetId
            : null;
        if (assetId is null)
        {
            AnsiConsole.MarkupLineInterpolated($"Uploading {(clip is null ? Title : Path.GetFileName(path))} through the public API");
            assetId = await UploadProgress.RunAsync(client, path, clip is null ? Title : null, cancellationToken);
            await File.WriteAllBytesAsync(
                memory, JsonSerializer.SerializeToUtf8Bytes(new Memory(assetId, clip), DemoJson.Default.Memory), cancellationToken);
        }

        // 2. A link that signs its reader in, once.
        var code = await host.Api!.Services.GetRequiredService<SignInCodes>()
            .CreateAsync(host.OperatorId, SignInLinkLifetime, cancellationToken);
        var grant = await client.GrantAsync(assetId, cancellationToken);
        AnsiConsole.WriteLine();
        Person.Line("Watch", $"{api}/watch/{assetId}#code={code}");
        Person.Line("HLS", grant.HlsUrl.AbsoluteUri);
        Person.Line("DASH", grant.DashUrl.AbsoluteUri);
        AnsiConsole.MarkupLineInterpolated($"  [grey]The watch link signs you in once, within {SignInLinkLifetime.TotalMinutes:0} minutes.[/]");
        AnsiConsole.MarkupLineInterpolated($"  [grey]The streams play until {grant.ExpiresAt.LocalDateTime:HH:mm}.[/]");
        AnsiConsole.WriteLine();
    }

    /// <summary>Which clip became which asset.</summary>
    internal sealed record Memory(string AssetId, string? Clip);

    [JsonSerializable(typeof(Memory))]
    internal sealed partial class DemoJson : JsonSerializerContext;
}
