using Movento.Harness;
using Movento.Servers;

namespace Movento.Journey.Tests;

/// <summary>Starting the executable as an operator does, with what operators get wrong.</summary>
public sealed class StartTests(RunningMovento movento) : IClassFixture<RunningMovento>, IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public async Task WrongSettings_AreAllReportedTogether_AndNothingStarts()
    {
        var result = await MoventoAsync(
            "serve", "--data", _folder.Combine("data"), "--url", "ftp://x", "--roles", "edge,cook",
            "--set", "Storage:Kind=tape", "--set", "Kitchen:Size=3", "--set", "Ingest:MaxUploadBytes=many");

        Assert.Equal(78, result.ExitCode);
        foreach (var word in (string[])["Movento:Api:Url", "'cook'", "Storage", "Movento:Kitchen", "MaxUploadBytes"])
            Assert.Contains(word, result.Errors, StringComparison.Ordinal);
        Assert.False(Directory.Exists(_folder.Combine("data")));
    }

    [Fact]
    public async Task SecondProcess_OnTheSameDataFolder_IsRefusedByName()
    {
        var result = await MoventoAsync(
            "serve", "--data", movento.DataFolder, "--url", $"http://127.0.0.1:{FreePort.Next()}", "--edge-url", $"http://127.0.0.1:{FreePort.Next()}");

        Assert.Equal(78, result.ExitCode);
        Assert.Contains("Another Movento is running", result.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void Secrets_AreReadableByTheirOwnerAlone_AndInNoLog()
    {
        Assert.Equal(
            UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Path.Combine(movento.DataFolder, "secrets.json")));
        Assert.DoesNotContain(movento.Operator.Password, movento.Log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task SecretsThatOthersCanRead_StopTheStart()
    {
        Directory.CreateDirectory(_folder.Combine("data"));
        await File.WriteAllTextAsync(_folder.Combine("data", "secrets.json"), "{}");
        File.SetUnixFileMode(_folder.Combine("data", "secrets.json"), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.OtherRead);

        var result = await MoventoAsync("serve", "--data", _folder.Combine("data"));

        Assert.Equal(78, result.ExitCode);
        Assert.Contains("chmod 600", result.Errors, StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Dispose();

    private static Task<ToolResult> MoventoAsync(params string[] arguments) =>
        Tool.RunAsync("dotnet", [typeof(Hosting.MoventoHost).Assembly.Location, .. arguments]);
}
