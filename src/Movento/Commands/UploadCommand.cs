using System.CommandLine;
using System.CommandLine.Parsing;
using System.Security.Cryptography;
using System.Text;
using Movento.Client;
using Movento.Hosting;
using Spectre.Console;

namespace Movento.Commands;

/// <summary><c>movento upload FILE</c>: through the public API of a running system, followed until it plays.</summary>
internal static class UploadCommand
{
    public static Command Create()
    {
        var file = new Argument<FileInfo>("FILE") { Description = "The film." };
        var title = new Option<string?>("--title") { Description = "What viewers will read (default: the file's name)." };
        var priority = new Option<int>("--priority") { Description = "When its turn is: -1, 0 or 1; the highest comes first (default: 0)." };
        priority.Validators.Add(result =>
        {
            // What is no number is said already.
            if (result.Errors.Any()) return;
            if (result.GetValueOrDefault<int>() is < -1 or > 1) result.AddError("--priority must be -1, 0 or 1.");
        });
        var server = new Option<Uri>("--server")
        {
            Description = "The API server.",
            DefaultValueFactory = _ => new Uri("http://localhost:8080"),
            CustomParser = ParseServer,
        };
        var data = ServeOptions.DataOption();
        var command = new Command(
            "upload",
            "Upload a film and follow it until it plays. " + UploadIdentity.Description)
        {
            file, title, priority, server, data,
        };
        command.SetAction((arguments, _) => RunAsync(
            arguments.GetRequiredValue(file),
            arguments.GetValue(title),
            arguments.GetValue(priority),
            arguments.GetRequiredValue(server),
            ServeOptions.DataOf(arguments.GetValue(data))));
        return command;
    }

    private static async Task<int> RunAsync(FileInfo file, string? title, int priority, Uri server, DataFolder data)
    {
        using var stop = new StopSignal();
        var cancellationToken = stop.Token;
        try
        {
            if (!file.Exists) throw new StartException([$"There is no file '{file.FullName}'."]);
            var identity = await UploadIdentity.ReadAsync(data, cancellationToken);
            using var client = new MoventoClient(server);
            await identity.EnterAsync(client, cancellationToken);
            var assetId = await UploadProgress.RunAsync(client, file.FullName, title, cancellationToken, ResumeKey(file, title, priority), priority);
            Person.Line("Watch", new Uri(server, "/watch/" + assetId).AbsoluteUri);
            // Programs upload; people watch.
            if (identity.ApiKey is not null) return ExitCode.Done;
            var grant = await client.GrantAsync(assetId, cancellationToken);
            Person.Line("HLS", grant.HlsUrl.AbsoluteUri);
            Person.Line("DASH", grant.DashUrl.AbsoluteUri);
            return ExitCode.Done;
        }
        catch (Exception error) when (error is StartException or MoventoClientException or HttpRequestException or IOException)
        {
            var hint = error switch
            {
                HttpRequestException { StatusCode: null } => $" Is Movento running at {server}? ./movento up starts it.",
                MoventoClientException { Code: MoventoClient.SecondFactorRequired } => " " + UploadIdentity.WithoutACode,
                _ => "",
            };
            AnsiConsole.MarkupLineInterpolated($"[red]✗[/] {error.Message}{hint}");
            return ExitCode.Failed;
        }
        catch (OperationCanceledException)
        {
            AnsiConsole.MarkupLine("[yellow]Stopped.[/] What the server has accepted goes on there; the same command goes on with an unfinished upload.");
            return ExitCode.Failed;
        }
    }

    // The same file again, after this command was ended in the midst of it, goes on; a file that has changed meanwhile does not.
    private static string ResumeKey(FileInfo file, string? title, int priority) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(
        string.Join('\n', file.FullName, file.Length, file.LastWriteTimeUtc.Ticks, title, priority))));

    private static Uri? ParseServer(ArgumentResult result)
    {
        var text = result.Tokens[0].Value;
        if (Uri.TryCreate(text, UriKind.Absolute, out var server) && server.Scheme is ("http" or "https")) return server;
        result.AddError($"--server '{text}' is not an http:// or https:// address.");
        return null;
    }
}
