using System.Diagnostics;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.RegularExpressions;
using Movento.Contracts;
using Movento.Harness;
using Xunit;

namespace Movento.Servers;

/// <summary>
/// The real executable as a process of its own, with a data folder of its own on free ports: what an operator runs. It may be killed and
/// started again over the same data.
/// </summary>
public sealed class RunningMovento : IAsyncLifetime
{
    // Both of a machine that does ten other things: a start has taken two minutes there.
    private static readonly TimeSpan StartLimit = TimeSpan.FromMinutes(8);
    private static readonly TimeSpan EncodeLimit = TimeSpan.FromMinutes(20);

    private readonly TemporaryFolder _folder = new();
    private readonly List<string> _settings = [];
    private string _command = "serve";
    private Process? _process;

    public RunningMovento()
    {
        Api = new Uri($"http://127.0.0.1:{FreePort.Next()}");
        Edge = new Uri($"http://127.0.0.1:{FreePort.Next()}");
        // Without cookies: to sign in once more ends no session of before, in which tests have been granted playback.
        Http = new HttpClient(new SocketsHttpHandler { UseCookies = false }) { BaseAddress = Api, Timeout = EncodeLimit };
    }

    /// <summary>The server of API and pages.</summary>
    public Uri Api { get; }

    /// <summary>The server of media.</summary>
    public Uri Edge { get; }

    /// <summary>What the process does.</summary>
    public string Roles { get; init; } = "edge,ingest,worker,control";

    /// <summary>Whether it is to be as fast as it can be, as an operator runs it; for benchmarks.</summary>
    public bool IsMeasured { get; init; }

    /// <summary>Calls the API, after <see cref="InitializeAsync"/> as the operator.</summary>
    public HttpClient Http { get; }

    /// <summary>Where the process keeps its data.</summary>
    public string DataFolder => _folder.Combine("data");

    /// <summary>The running process.</summary>
    public Process Process => _process ?? throw new InvalidOperationException("Movento is not running.");

    /// <summary>What the process wrote to its standard streams: JSON log lines and errors of the start.</summary>
    public string Log => File.Exists(LogFile) ? File.ReadAllText(LogFile) : "";

    /// <summary>The operator's e-mail address and password.</summary>
    public (string Email, string Password) Operator
    {
        get
        {
            using var secrets = JsonDocument.Parse(File.ReadAllBytes(SecretsFile));
            return (secrets.RootElement.GetProperty("operatorEmail").GetString()!, secrets.RootElement.GetProperty("operatorPassword").GetString()!);
        }
    }

    private string SecretsFile =>
        _settings.FindLast(setting => setting.StartsWith("SecretsFile=", StringComparison.Ordinal))?["SecretsFile=".Length..]
            ?? Path.Combine(DataFolder, "secrets.json");

    private string LogFile => _folder.Combine("output.log");

    /// <summary>Adds a setting, such as <c>Storage:Kind=s3</c>, for the next start.</summary>
    public RunningMovento With(string setting)
    {
        _settings.Add(setting);
        return this;
    }

    /// <summary>Runs <c>movento demo</c> instead of <c>movento serve</c>: the same system, which also publishes its own clip.</summary>
    public RunningMovento AsDemo()
    {
        _command = "demo";
        return this;
    }

    /// <summary>The link that the demo prints when its clip plays: it signs its reader in, once.</summary>
    public async Task<Uri> WatchLinkAsync()
    {
        var link = Match.Empty;
        await Eventually.TrueAsync(
            () => Process.HasExited
                ? throw new InvalidOperationException($"The demo ended with {Process.ExitCode}: {Log}")
                : (link = Regex.Match(Log, @"http://\S+/watch/[0-9a-f]{32}#code=[\w-]+(?=\s)")).Success,
            "the demo prints its watch link",
            EncodeLimit);
        return new Uri(link.Value);
    }

    /// <inheritdoc/>
    public async Task InitializeAsync()
    {
        await StartAsync();
        await SignInAsync();
    }

    /// <summary>The URL of a file of a version at the edge, signed with the installation's own key as the control plane does.</summary>
    public string SignedUrl(AssetId asset, int version, string file)
    {
        var keys = new PlaybackKeys(Secrets.SecretsFile.Read(SecretsFile).KeyRing());
        var token = new PlaybackTokenSigner(keys).Sign(new PlaybackClaims(asset, PlaybackScope.Presentation, DateTimeOffset.UtcNow.AddHours(1), Guid.Empty));
        return $"{Edge.AbsoluteUri}{token}/{StorageKey.VersionPrefix(asset, version)}{file}";
    }

    /// <summary>Starts the process and waits until the servers that its roles need are ready.</summary>
    public async Task StartAsync()
    {
        var start = new ProcessStartInfo("/bin/sh")
        {
            ArgumentList =
            {
                // A file and no pipes: the process may outlive what reads them, and a full pipe would stop it.
                "-c", "out=$1; shift; exec \"$@\" >>\"$out\" 2>&1 </dev/null", "sh", LogFile,
                "dotnet", typeof(Hosting.MoventoHost).Assembly.Location, _command,
                "--data", DataFolder, "--url", Api.AbsoluteUri.TrimEnd('/'), "--edge-url", Edge.AbsoluteUri.TrimEnd('/'),
                "--roles", Roles,
            },
        };
        if (!IsMeasured)
        {
            // It ends before methods are worth being compiled again: what tests/ShortLived.props says, in hexadecimal digits.
            start.Environment["DOTNET_TieredPGO"] = "0";
            start.Environment["DOTNET_TC_CallCountThreshold"] = "3E8";
            // A busy machine is no fault of a film's, whose tools do not stand back behind what else it does.
            foreach (var setting in (string[])["Ingest:ProbeTimeLimit=00:05:00", "Ingest:ToolNiceness=0"])
            {
                start.ArgumentList.Add("--set");
                start.ArgumentList.Add(setting);
            }
        }

        foreach (var setting in _settings)
        {
            start.ArgumentList.Add("--set");
            start.ArgumentList.Add(setting);
        }

        _process = Process.Start(start)!;
        await Eventually.TrueAsync(
            async () => _process.HasExited
                ? throw new InvalidOperationException($"Movento ended with {_process.ExitCode}: {Log}")
                : (Roles == "edge" || await IsReadyAsync(Api)) && (!Roles.Contains("edge", StringComparison.Ordinal) || await IsReadyAsync(Edge)),
            "Movento is ready",
            StartLimit);
    }

    /// <summary>Signs <see cref="Http"/> in as the operator.</summary>
    public async Task SignInAsync()
    {
        var (email, password) = Operator;
        using var answer = await Http.PostAsJsonAsync("/api/auth/login", new { email, password });
        answer.EnsureSuccessStatusCode();
        var session = await answer.Content.ReadFromJsonAsync<JsonElement>();
        Http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", session.GetProperty("accessToken").GetString());
    }

    /// <summary>Uploads a file and returns the new asset's id.</summary>
    public async Task<string> UploadAsync(string path, string? title = null)
    {
        await using var file = File.OpenRead(path);
        var query = "?fileName=" + Uri.EscapeDataString(Path.GetFileName(path)) + (title is null ? "" : "&title=" + Uri.EscapeDataString(title));
        using var answer = await Http.PostAsync("/api/uploads" + query, new StreamContent(file));
        if (!answer.IsSuccessStatusCode) throw new InvalidOperationException(await answer.Content.ReadAsStringAsync());
        return (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("assetId").GetString()!;
    }

    /// <summary>The asset, as the API tells it.</summary>
    public async Task<JsonElement> AssetAsync(string assetId) => await Http.GetFromJsonAsync<JsonElement>("/api/assets/" + assetId);

    /// <summary>Waits until the asset is published or rejected, and returns it.</summary>
    public async Task<JsonElement> FinishedAsync(string assetId)
    {
        JsonElement asset = default;
        await Eventually.TrueAsync(
            async () => (asset = await AssetAsync(assetId)).GetProperty("state").GetString() is "published" or "rejected",
            $"asset {assetId} is published or rejected",
            EncodeLimit);
        return asset;
    }

    /// <summary>Uploads a file, waits until the catalogue lists it, and returns its id and its signed URLs.</summary>
    public async Task<PlayableFilm> PublishAsync(string path, string? title = null)
    {
        var assetId = await UploadAsync(path, title);
        var asset = await FinishedAsync(assetId);
        if (asset.GetProperty("state").GetString() != "published") throw new InvalidOperationException(asset.ToString());
        await Eventually.TrueAsync(
            async () => (await Http.GetAsync("/api/movies/" + assetId)).IsSuccessStatusCode, $"the catalogue lists {assetId}");
        using var answer = await Http.PostAsync($"/api/streaming/{assetId}/grant", null);
        answer.EnsureSuccessStatusCode();
        var grant = await answer.Content.ReadFromJsonAsync<JsonElement>();
        return new PlayableFilm(assetId, new Uri(grant.GetProperty("hlsUrl").GetString()!), new Uri(grant.GetProperty("dashUrl").GetString()!));
    }

    /// <summary>SIGKILL: no chance to tidy up.</summary>
    public async Task KillAsync()
    {
        Process.Kill();
        await Process.WaitForExitAsync();
    }

    /// <summary>SIGTERM, and waits for the orderly end; the exit code.</summary>
    public async Task<int> StopAsync()
    {
        using var kill = Process.Start("kill", ["-TERM", Process.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)])!;
        await kill.WaitForExitAsync();
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(90));
        await Process.WaitForExitAsync(limit.Token);
        return Process.ExitCode;
    }

    /// <inheritdoc/>
    public async Task DisposeAsync()
    {
        if (_process is { HasExited: false }) await StopAsync();
        _process?.Dispose();
        Http.Dispose();
        _folder.Dispose();
    }

    private static async Task<bool> IsReadyAsync(Uri server)
    {
        using var http = new HttpClient { BaseAddress = server, Timeout = TimeSpan.FromSeconds(10) };
        try
        {
            using var answer = await http.GetAsync("/health/ready");
            return answer.IsSuccessStatusCode;
        }
        catch (Exception error) when (error is HttpRequestException or OperationCanceledException)
        {
            return false;
        }
    }
}

/// <summary>A published film and where it plays.</summary>
public sealed record PlayableFilm(string AssetId, Uri Hls, Uri Dash);
