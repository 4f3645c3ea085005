using System.Security.Cryptography;
using Movento.Client;
using Movento.Harness;
using Movento.Servers;

namespace Movento.Journey.Tests;

/// <summary>kill -9 in the midst of uploads; <c>movento bench upload-kills</c> does it a hundred times.</summary>
public sealed class UploadKillTests : IAsyncLifetime
{
    // It takes no film: what is whole stays where it was received, to be held against what was sent.
    private readonly RunningMovento _movento = new RunningMovento().With("Ingest:Films=0");

    [Fact]
    public async Task AcknowledgedBytes_AfterKillsAtRandomMoments_AreAllThere()
    {
        var result = await UploadKills.RunAsync(_movento, kills: 5, seed: 20261125, _ => { });

        Assert.Equal(5, result.Kills);
        Assert.True(result.Uploads >= 3, $"{result.Uploads} uploads");
        Assert.True(result.Resumes > 0, "No upload was interrupted.");
    }

    [Fact]
    public async Task CommandLinesUpload_WhoseServerIsKilled_GoesOnAndSendsNothingTwiceThatIsThere()
    {
        using var folder = new TemporaryFolder();
        var path = folder.Combine("film.mp4");
        var bytes = RandomNumberGenerator.GetBytes(40_000_000);
        await File.WriteAllBytesAsync(path, bytes);
        using var client = new MoventoClient(_movento.Api);
        await client.SignInAsync(_movento.Operator.Email, _movento.Operator.Password, default);
        var halfway = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

        var uploading = client.UploadAsync(path, "A film", new Told(sent => { if (sent > bytes.Length / 2) halfway.TrySetResult(); }), default);
        await halfway.Task;
        await _movento.KillAsync();
        await _movento.StartAsync();
        var assetId = await uploading;

        await Eventually.TrueAsync(async () => (await _movento.AssetAsync(assetId)).GetProperty("state").GetString() == "queued", "it is queued");
        Assert.Equal(bytes, await File.ReadAllBytesAsync(Path.Combine(_movento.DataFolder, "objects", "uploads", assetId)));
        Assert.Single((await _movento.Http.GetFromJsonAsync("/api/assets")).GetProperty("items").EnumerateArray());
    }

    public Task InitializeAsync() => _movento.InitializeAsync();

    public Task DisposeAsync() => _movento.DisposeAsync();

    private sealed class Told(Action<long> tell) : IProgress<long>
    {
        public void Report(long value) => tell(value);
    }
}
