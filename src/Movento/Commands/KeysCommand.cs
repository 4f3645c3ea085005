using System.CommandLine;
using Movento.ControlPlane.Identity.AccessTokens;
using Movento.Hosting;
using Movento.Secrets;
using Spectre.Console;

namespace Movento.Commands;

/// <summary>
/// <c>movento keys</c>: the keys of playback tokens and access tokens in the secrets file, which running processes take over within seconds. A key is rotated in three
/// steps: every process knows the new one, then it signs, then the old one goes.
/// </summary>
internal static class KeysCommand
{
    // The options say it, which this command does not read: as long as they let one live at most.
    private static readonly TimeSpan LongestAccessToken = TimeSpan.FromHours(24);

    public static Command Create()
    {
        var data = ServeOptions.DataOption();
        var secrets = new Option<string?>("--secrets") { Description = "The secrets file (default: secrets.json in the data folder)." };
        data.Recursive = true;
        secrets.Recursive = true;
        var wait = new Option<int>("--wait")
        {
            Description = "Seconds between the first step and the second: as long as the slowest process needs to see the file.",
            DefaultValueFactory = _ => 10,
        };
        wait.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() is < 0 or > 3600) result.AddError("--wait is 0 to 3600 seconds.");
        });

        var add = new Command("add", "Add a new key, which verifies and does not sign yet.");
        add.SetAction((arguments, _) => ChangeAsync(PathOf(arguments), file => file.WithNewPlaybackKey()));
        var use = new Command("use", "Let a key sign from now on.");
        var used = KeyId(use);
        use.SetAction((arguments, _) => ChangeAsync(PathOf(arguments), file => file.WithPlaybackKey(arguments.GetRequiredValue(used))));
        var drop = new Command("drop", "Remove a key: what it signed opens nothing any more.");
        var dropped = KeyId(drop);
        drop.SetAction((arguments, _) => ChangeAsync(PathOf(arguments), file => file.WithoutPlaybackKey(arguments.GetRequiredValue(dropped))));
        var rotate = new Command("rotate", "Add a key, wait, let it sign, and remove all but it and the one before, whose tokens still run.") { wait };
        rotate.SetAction((arguments, cancellationToken) => RotateAsync(PathOf(arguments), arguments.GetValue(wait), cancellationToken));

        var command = new Command("keys", "Show, rotate and remove the keys of playback tokens and of access tokens.")
        {
            data, secrets, add, use, drop, rotate, AccessTokens(PathOf),
        };
        command.SetAction((arguments, _) => ChangeAsync(PathOf(arguments), change: null));
        return command;

        string PathOf(ParseResult arguments) =>
            arguments.GetValue(secrets) is { } path ? Path.GetFullPath(path) : ServeOptions.DataOf(arguments.GetValue(data)).SecretsFile;
    }

    // A key of access tokens says itself when it begins to sign, so that one step is enough.
    private static Command AccessTokens(Func<ParseResult, string> pathOf)
    {
        var after = new Option<int>("--after")
        {
            Description = "Seconds until the new key signs: longer than anybody keeps the JWKS (300). 0 where the old one is known to others; drop that one then.",
            DefaultValueFactory = _ => 600,
        };
        after.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() is < 0 or > 86_400) result.AddError("--after is 0 to 86400 seconds.");
        });
        var rotate = new Command("rotate", "Add a key that signs from then on; the one before it verifies until its tokens have expired.") { after };
        rotate.SetAction((arguments, _) => ChangeAsync(pathOf(arguments), file => file.WithNewAccessTokenKey(
            TimeProvider.System.GetUtcNow(), TimeSpan.FromSeconds(arguments.GetValue(after)), LongestAccessToken)));
        var drop = new Command("drop", "Remove a key: its tokens are refused.");
        var id = new Argument<string>("KID") { Description = "The key's id, as the tokens and /.well-known/jwks.json have it." };
        drop.Arguments.Add(id);
        drop.SetAction((arguments, _) => ChangeAsync(pathOf(arguments), file => file.WithoutAccessTokenKey(arguments.GetRequiredValue(id))));
        return new Command("access", "Rotate and remove the keys of access tokens.") { rotate, drop };
    }

    private static Argument<byte> KeyId(Command command)
    {
        var id = new Argument<byte>("ID") { Description = "The key's number, 0 to 255." };
        command.Arguments.Add(id);
        return id;
    }

    private static async Task<int> RotateAsync(string path, int seconds, CancellationToken cancellationToken)
    {
        byte before = 0;
        byte fresh = 0;
        if (await ChangeAsync(path, file =>
            {
                var next = file.WithNewPlaybackKey();
                before = file.PlaybackKey;
                fresh = next.PlaybackKeys.Keys.Except(file.PlaybackKeys.Keys).Single();
                return next;
            }) is not ExitCode.Done and var failed)
        {
            return failed;
        }

        try
        {
            using var timer = new PeriodicTimer(TimeSpan.FromSeconds(1), TimeProvider.System);
            for (var second = 0; second < seconds; second++) await timer.WaitForNextTickAsync(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            AnsiConsole.MarkupLineInterpolated($"[yellow]Stopped.[/] Key {fresh} verifies; `movento keys use {fresh}` lets it sign.");
            return ExitCode.Failed;
        }

        return await ChangeAsync(path, file => file.PlaybackKeys.Keys
            .Where(id => id != before && id != fresh)
            .Aggregate(file.WithPlaybackKey(fresh), (kept, id) => kept.WithoutPlaybackKey(id)));
    }

    private static Task<int> ChangeAsync(string path, Func<SecretsFile, SecretsFile>? change)
    {
        try
        {
            if (!File.Exists(path)) throw new StartException([$"There is no secrets file '{path}': name it with --secrets, or its folder with --data."]);
            var secrets = change is null ? SecretsFile.Read(path) : SecretsFile.Change(path, change);
            foreach (var id in secrets.PlaybackKeys.Keys.Order())
                Person.Line($"key {id}", id == secrets.PlaybackKey ? "signs and verifies" : "verifies");
            var now = TimeProvider.System.GetUtcNow();
            var signing = new AccessTokenKeyRing(secrets.AccessTokenKeys, LongestAccessToken).SigningAt(now).Key.KeyId;
            foreach (var key in secrets.AccessTokenKeys)
            {
                var kid = AccessTokenKeyRing.IdOf(key.Pem);
                Person.Line("access token key", $"{kid} {(kid == signing ? "signs and verifies" : key.SignsFrom > now ? $"signs from {key.SignsFrom:u}" : "verifies, while its tokens live")}");
            }

            foreach (var key in secrets.CommonAccessTokenKeys ?? [])
                Person.Line("CAT key", key.Issuer is { } issuer ? $"{key.Id} of {issuer}" : key.Id);
            return Task.FromResult(ExitCode.Done);
        }
        catch (StartException error)
        {
            foreach (var reason in error.Reasons) AnsiConsole.MarkupLineInterpolated($"[red]✗[/] {reason}");
            return Task.FromResult(ExitCode.Failed);
        }
    }
}
