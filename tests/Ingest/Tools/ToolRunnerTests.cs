using System.Globalization;
using System.Text;
using Movento.Harness;
using Movento.Ingest.Tools;

namespace Movento.Ingest.Tests.Tools;

/// <summary>The limits that hold whatever a tool does; the tool here is a shell script that tries.</summary>
public sealed class ToolRunnerTests
{
    private readonly ToolRunner _tools = new(TimeProvider.System);

    [Fact]
    public async Task Tool_Cancelled_DiesWithEverythingItStarted()
    {
        using var folder = new TemporaryFolder();
        using var cancel = new CancellationTokenSource();
        var leader = 0;
        var running = _tools.RunAsync(
            Shell(folder, "sleep 600 & echo $! > child; sleep 600") with { OnStarted = id => leader = id }, cancel.Token);
        await Eventually.TrueAsync(() => leader != 0 && File.Exists(folder.Combine("child")) && File.ReadAllText(folder.Combine("child")).EndsWith('\n'), "the tool has a child");
        var child = int.Parse(File.ReadAllText(folder.Combine("child")), CultureInfo.InvariantCulture);
        Assert.True(IsAlive(leader) && IsAlive(child));

        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
        Assert.False(IsAlive(leader));
        await Eventually.TrueAsync(() => !IsAlive(child), "the child is dead");
    }

    [Fact]
    public async Task Tool_OverItsTime_IsKilled()
    {
        using var folder = new TemporaryFolder();
        var leader = 0;
        await Assert.ThrowsAsync<ToolTimedOutException>(() => _tools.RunAsync(
            Shell(folder, "sleep 600") with { TimeLimit = TimeSpan.FromMilliseconds(300), OnStarted = id => leader = id }, default));
        Assert.False(IsAlive(leader));
    }

    [Fact]
    public async Task Tool_InASessionOfItsOwn_AndDyingWithItsStarter()
    {
        using var folder = new TemporaryFolder();
        // Fields 5 and 6 of /proc/PID/stat are the process group and the session; the death signal is not inherited by a fork.
        var result = await _tools.RunAsync(Shell(folder, "echo $$; cut -d' ' -f5,6 /proc/$$/stat; exec setpriv --dump"), default);
        var lines = Encoding.UTF8.GetString(result.Output).Split('\n');
        Assert.Equal($"{lines[0]} {lines[0]}", lines[1]);
        Assert.Contains("Parent death signal: KILL", lines, StringComparer.OrdinalIgnoreCase);
        Assert.Contains("no_new_privs: 1", lines);
    }

    [Fact]
    public async Task Tool_Started_InheritsNothing()
    {
        using var folder = new TemporaryFolder();
        Environment.SetEnvironmentVariable("MOVENTO_TEST_SECRET", "secret");
        var result = await _tools.RunAsync(Shell(folder, "env; pwd; cat"), default);
        var output = Encoding.UTF8.GetString(result.Output);
        Assert.DoesNotContain("secret", output, StringComparison.Ordinal);
        Assert.Contains($"HOME={folder.FullName}\n", output, StringComparison.Ordinal);
        Assert.Contains($"\n{folder.FullName}\n", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Tool_WritingTooMuch_IsKilled()
    {
        using var folder = new TemporaryFolder();
        await Assert.ThrowsAsync<ToolOutputTooLargeException>(() =>
            _tools.RunAsync(Shell(folder, "cat /dev/zero") with { MaxOutputBytes = 100_000 }, default));
    }

    [Fact]
    public async Task Tool_WritingLongLinesToBothPipes_IsDrainedAndCut()
    {
        using var folder = new TemporaryFolder();
        var lines = new List<string>();
        var result = await _tools.RunAsync(
            Shell(folder, "head -c 3000000 /dev/zero | tr '\\0' e >&2; head -c 3000000 /dev/zero | tr '\\0' o; echo; echo end") with { OnOutputLine = lines.Add }, default);
        Assert.Equal([new string('o', BoundedLines.MaxLine), "end"], lines);
        Assert.Equal(new string('e', BoundedLines.MaxLine), result.ErrorTail);
    }

    [Fact]
    public async Task Tool_OverItsMemoryOrFileSize_Fails()
    {
        using var folder = new TemporaryFolder();
        var memory = await _tools.RunAsync(Shell(folder, "head -c 300000000 /dev/zero | tail") with { MemoryBytes = 256 << 20 }, default);
        Assert.NotEqual(0, memory.ExitCode);
        var file = await _tools.RunAsync(Shell(folder, "exec head -c 2000000 /dev/zero > big") with { FileBytes = 1_000_000 }, default);
        Assert.NotEqual(0, file.ExitCode);
        Assert.Equal(1_000_000, new FileInfo(folder.Combine("big")).Length);
    }

    [Fact]
    public async Task Tool_WithShellWords_GetsThemAsTheyAre()
    {
        using var folder = new TemporaryFolder();
        var run = Shell(folder, "") with { Tool = "printf", Arguments = ["%s", "$(touch x); `id` ' \""] };
        Assert.Equal("$(touch x); `id` ' \"", Encoding.UTF8.GetString((await _tools.RunAsync(run, default)).Output));
    }

    [Fact]
    public async Task Tool_EndedBySignal_SaysSo()
    {
        using var folder = new TemporaryFolder();
        Assert.True((await _tools.RunAsync(Shell(folder, "kill -9 $$"), default)).WasKilled);
        Assert.False((await _tools.RunAsync(Shell(folder, "exit 3"), default)).WasKilled);
    }

    private static ToolRun Shell(TemporaryFolder folder, string script) => new()
    {
        Tool = "sh",
        Arguments = ["-c", script],
        Folder = folder.FullName,
        TimeLimit = TimeSpan.FromSeconds(60),
        MemoryBytes = 1L << 30,
    };

    // A zombie that init has not yet waited for is dead.
    private static bool IsAlive(int process)
    {
        try
        {
            return !File.ReadAllText($"/proc/{process}/stat").Contains(") Z ", StringComparison.Ordinal);
        }
        catch (IOException)
        {
            return false;
        }
    }
}
