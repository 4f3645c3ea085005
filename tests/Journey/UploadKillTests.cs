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

    public Task InitializeAsync() => _movento.InitializeAsync();

    public Task DisposeAsync() => _movento.DisposeAsync();
}
