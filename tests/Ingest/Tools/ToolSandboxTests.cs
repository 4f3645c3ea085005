using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Movento.Harness;
using Movento.Ingest.Tools;
using ToolResult = Movento.Ingest.Tools.ToolResult;

namespace Movento.Ingest.Tests.Tools;

/// <summary>What a tool cannot do in the sandbox, tried by tools that would.</summary>
public sealed class ToolSandboxTests : IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();
    private ToolSandbox _sandbox = null!;
    private ToolRunner _tools = null!;

    public async Task InitializeAsync()
    {
        _sandbox = await StartAsync(SandboxUse.Required);
        _tools = new ToolRunner(TimeProvider.System, _sandbox);
        Directory.CreateDirectory(Job);
    }

    public Task DisposeAsync()
    {
        _folder.Dispose();
        return Task.CompletedTask;
    }

    private string Job => _folder.Combine("job");

    [Fact]
    public async Task Tool_InTheSandbox_WritesInItsFolderOnly()
    {
        Assert.Equal(0, (await RunAsync("sh", "-c", "echo word > there")).ExitCode);
        Assert.Equal("word\n", await File.ReadAllTextAsync(Path.Combine(Job, "there")));
        foreach (var path in (string[])["/outside", "/usr/outside", "/dev/outside", _folder.Combine("outside")])
            Assert.NotEqual(0, (await RunAsync("sh", "-c", "echo word > \"$0\"", path)).ExitCode);
        Assert.False(File.Exists(_folder.Combine("outside")));
    }

    [Fact]
    public async Task Tool_InTheSandbox_SeesNoOtherFile()
    {
        var secret = _folder.Combine("secret");
        await File.WriteAllTextAsync(secret, "secret");
        Assert.Contains("No such file", (await RunAsync("cat", secret)).ErrorTail, StringComparison.Ordinal);
        Assert.Contains("No such file", (await RunAsync("cat", "/etc/passwd")).ErrorTail, StringComparison.Ordinal);
        // A link is followed inside, where there is nothing.
        File.CreateSymbolicLink(Path.Combine(Job, "link"), secret);
        Assert.NotEqual(0, (await RunAsync("cat", "link")).ExitCode);
        Assert.Equal("secret", Encoding.UTF8.GetString((await _tools.RunAsync(Run("cat", "link") with { ReadOnlyPaths = [secret] }, default)).Output));

        var names = Encoding.UTF8.GetString((await RunAsync("ls", "-A", "/", Path.GetDirectoryName(Job)!)).Output).Split('\n');
        Assert.DoesNotContain(names, name => name is "home" or "root" or "proc" or "sys" or "var" or "secret" or "sandbox.bpf");
    }

    [Fact]
    public async Task Tool_InTheSandbox_OpensNoConnection()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;
        Assert.NotEqual(0, (await RunAsync("bash", "-c", $"exec 3<> /dev/tcp/127.0.0.1/{port}")).ExitCode);
        var ffprobe = await RunAsync("ffprobe", "-v", "error", $"http://127.0.0.1:{port}/film.mp4");
        Assert.NotEqual(0, ffprobe.ExitCode);
        Assert.False(listener.Pending());
    }

    [Fact]
    public async Task Tool_InTheSandbox_StartsNoProcess()
    {
        var result = await RunAsync("sh", "-c", "sleep 600 & echo started");
        Assert.DoesNotContain("started", Encoding.UTF8.GetString(result.Output), StringComparison.Ordinal);
        Assert.Contains("fork", result.ErrorTail, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task Tool_InTheSandbox_HasNoCapabilityAndCannotGetOne()
    {
        var lines = Encoding.UTF8.GetString((await RunAsync("setpriv", "--dump")).Output);
        Assert.Contains("Inheritable capabilities: [none]", lines, StringComparison.Ordinal);
        Assert.Contains("no_new_privs: 1", lines, StringComparison.Ordinal);
        foreach (var attempt in (string[][])[["unshare", "--user", "true"], ["chroot", "/usr", "/bin/true"], ["mount", "-t", "tmpfs", "none", "/usr"]])
            Assert.NotEqual(0, (await RunAsync(attempt[0], attempt[1..])).ExitCode);
    }

    [Fact]
    public async Task Encoders_InTheSandbox_Work()
    {
        foreach (var codec in (string[])["libx264", "libx265", "libsvtav1"])
        {
            var result = await RunAsync(
                "ffmpeg", "-v", "error", "-nostdin", "-f", "lavfi", "-i", "testsrc=s=320x180:d=0.2", "-pix_fmt", "yuv420p", "-c:v", codec, "-y", "file:out.mp4");
            Assert.True(result.ExitCode == 0, $"{codec}: {result.ErrorTail}");
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Tool_CancelledOrItsSandboxKilled_DiesWithAllOfIt(bool cancelled)
    {
        using var cancel = new CancellationTokenSource();
        var leader = 0;
        var running = _tools.RunAsync(Run("sh", "-c", "echo > up; exec sleep 600") with { OnStarted = id => leader = id }, cancel.Token);
        await Eventually.TrueAsync(() => File.Exists(Path.Combine(Job, "up")), "the tool runs");
        var group = Group(leader);
        Assert.True(group.Count >= 2, $"bwrap and the tool: {group.Count}");

        if (cancelled)
        {
            await cancel.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
        }
        else
        {
            System.Diagnostics.Process.GetProcessById(leader).Kill();
            Assert.True((await running).WasKilled);
        }
        await Eventually.TrueAsync(() => Group(leader).Count == 0, "nothing of it is left");
    }

    [Fact]
    public async Task Tool_Crashing_IsToldFromOneThatWasKilledAndFromOneThatNeverBegan()
    {
        Assert.True((await RunAsync("sh", "-c", "kill -SEGV $$")).HasCrashed);
        Assert.True((await RunAsync("sh", "-c", "kill -KILL $$")).WasKilled);
        await Assert.ThrowsAsync<ToolNotStartedException>(() => RunAsync("no-such-tool"));
        await Assert.ThrowsAsync<ToolNotStartedException>(() => _tools.RunAsync(Run("true") with { ReadOnlyPaths = ["/no/such/file"] }, default));
    }

    [Fact]
    public async Task Sandbox_ThatCannotBeHad_IsSaidAndRefusedWhereRequired()
    {
        var sandbox = await StartAsync(SandboxUse.Auto, ffprobe: "false");
        Assert.False(sandbox.IsActive);
        Assert.StartsWith("limits only, no sandbox: false ended with 1", sandbox.Report, StringComparison.Ordinal);
        await Assert.ThrowsAsync<SandboxMissingException>(() => StartAsync(SandboxUse.Required, ffprobe: "false"));
        Assert.False((await StartAsync(SandboxUse.Off)).IsActive);
        Assert.Equal("bubblewrap with a filter of system calls, and limits", _sandbox.Report);
    }

    [Fact]
    public async Task Tool_ThatLiesOutsideOfTheSystemsFolders_IsThereToo()
    {
        var tool = _folder.Combine("my-true");
        File.Copy("/usr/bin/true", tool);
        Assert.Equal(0, (await RunAsync(tool)).ExitCode);
    }

    private async Task<ToolSandbox> StartAsync(SandboxUse use, string ffprobe = "ffprobe")
    {
        var options = new IngestOptions { WorkFolder = _folder.Combine("work"), Sandbox = use, FfprobePath = ffprobe };
        var sandbox = new ToolSandbox(options, TimeProvider.System, NullLogger<ToolSandbox>.Instance);
        await sandbox.StartAsync(default);
        return sandbox;
    }

    private Task<ToolResult> RunAsync(string tool, params string[] arguments) => _tools.RunAsync(Run(tool, arguments), default);

    private ToolRun Run(string tool, params string[] arguments) => new()
    {
        Tool = tool,
        Arguments = arguments,
        Folder = Job,
        TimeLimit = TimeSpan.FromSeconds(60),
        MemoryBytes = 4L << 30,
    };

    // Processes of a group that are no zombies, by the fifth field of /proc/PID/stat; what the second one holds may have blanks.
    private static List<int> Group(int leader)
    {
        var found = new List<int>();
        foreach (var process in Directory.EnumerateDirectories("/proc").Select(Path.GetFileName))
        {
            if (!int.TryParse(process, NumberStyles.None, CultureInfo.InvariantCulture, out var id)) continue;
            try
            {
                var stat = File.ReadAllText($"/proc/{id}/stat");
                var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
                if (fields[0] != "Z" && int.Parse(fields[2], CultureInfo.InvariantCulture) == leader) found.Add(id);
            }
            catch (IOException)
            {
                // It ended meanwhile.
            }
        }
        return found;
    }
}
