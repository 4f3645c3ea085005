using System.Diagnostics;
using Movento.Harness;
using Movento.Hosting;
using Movento.Tests.Client;
using Movento.Tests.Hosting;

namespace Movento.Tests.Commands;

/// <summary><c>movento upload</c> as a process of its own, with nobody at its terminal. What it sends is no film: that it is refused as such says that it was taken.</summary>
[Collection(HostCollection.Name)]
public sealed class UploadCommandTests(HostFixture host) : IDisposable
{
    private const string Rejected = "rejected (not_media)";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Upload_OfAnAccountWithASecondFactor_WantsItsCodeOrAKey()
    {
        var editor = await GuardedEditor.OpenAsync(host);
        var without = await RunAsync(("MOVENTO_EMAIL", editor.Email), ("MOVENTO_PASSWORD", editor.Password));
        Assert.Contains("This account has a second factor.", without, StringComparison.Ordinal);
        Assert.Contains("MOVENTO_CODE", without, StringComparison.Ordinal);
        Assert.Contains("MOVENTO_API_KEY", without, StringComparison.Ordinal);
        Assert.Contains(
            "The code is not right",
            await RunAsync(("MOVENTO_EMAIL", editor.Email), ("MOVENTO_PASSWORD", editor.Password), ("MOVENTO_CODE", "000000")),
            StringComparison.Ordinal);
        Assert.Contains(
            Rejected,
            await RunAsync(("MOVENTO_EMAIL", editor.Email), ("MOVENTO_PASSWORD", editor.Password), ("MOVENTO_CODE", editor.RecoveryCodes[0])),
            StringComparison.Ordinal);
        Assert.Contains(Rejected, await RunAsync(("MOVENTO_API_KEY", editor.ApiKey)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Upload_AsNobody_SaysWhatIsMissing()
    {
        Assert.Contains("MOVENTO_PASSWORD", await RunAsync(("MOVENTO_EMAIL", "a@example.org")), StringComparison.Ordinal);
        Assert.Contains("MOVENTO_API_KEY is no API key", await RunAsync(("MOVENTO_API_KEY", "mvk_half")), StringComparison.Ordinal);
        Assert.Contains("Nobody to upload as", await RunAsync(), StringComparison.Ordinal);
    }

    // What it wrote, on one line.
    private async Task<string> RunAsync(params (string Name, string Value)[] environment)
    {
        var file = _folder.Combine($"{Guid.NewGuid():N}.mp4");
        await File.WriteAllTextAsync(file, "This is no film.");
        var start = new ProcessStartInfo("dotnet")
        {
            ArgumentList =
            {
                typeof(MoventoHost).Assembly.Location, "upload", file, "--server", host.Anonymous.BaseAddress!.AbsoluteUri, "--data", _folder.Combine("nothing"),
            },
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in environment) start.Environment[name] = value;
        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        await process.WaitForExitAsync(limit.Token);
        Assert.Equal(1, process.ExitCode);
        return string.Join(' ', (await output + await errors).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
    }
}
