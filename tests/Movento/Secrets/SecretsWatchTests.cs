using Microsoft.Extensions.Logging.Abstractions;
using Movento.Contracts;
using Movento.Harness;
using Movento.Secrets;

namespace Movento.Tests.Secrets;

public sealed class SecretsWatchTests : IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();
    private PlaybackKeys _keys = null!;
    private SecretsWatch _watch = null!;

    private string Path => _folder.Combine("secrets.json");

    public Task InitializeAsync()
    {
        _keys = new PlaybackKeys(SecretsFile.ReadOrCreate(Path).KeyRing());
        _watch = new SecretsWatch(Path, _keys, TimeProvider.System, NullLogger.Instance);
        return Task.CompletedTask;
    }

    public async Task DisposeAsync()
    {
        await _watch.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task File_Rotated_IsTakenOverStepByStep()
    {
        var first = _keys.Ring;
        var claims = new PlaybackClaims(AssetId.New(DateTimeOffset.UnixEpoch), PlaybackScope.Presentation, DateTimeOffset.FromUnixTimeSeconds(100), Guid.Empty);
        var signer = new PlaybackTokenSigner(_keys);
        var old = signer.Sign(claims);

        // 1. Known, but not used yet.
        SecretsFile.Change(Path, file => file.WithNewPlaybackKey());
        await Eventually.TrueAsync(() => _keys.Ring.Ids.SequenceEqual(new byte[] { 1, 2 }), "the new key is known");
        Assert.Equal(1, _keys.Ring.Current);
        Assert.NotSame(first, _keys.Ring);

        // 2. It signs, and the old one's tokens still open.
        SecretsFile.Change(Path, file => file.WithPlaybackKey(2));
        await Eventually.TrueAsync(() => _keys.Ring.Current == 2, "the new key signs");
        var fresh = signer.Sign(claims);
        Assert.Equal(PlaybackTokenOutcome.Valid, Verify(old));
        Assert.Equal(PlaybackTokenOutcome.Valid, Verify(fresh));

        // 3. The old one is gone.
        SecretsFile.Change(Path, file => file.WithoutPlaybackKey(1));
        await Eventually.TrueAsync(() => _keys.Ring.Ids.SequenceEqual(new byte[] { 2 }), "the old key is gone");
        Assert.Equal(PlaybackTokenOutcome.UnknownKey, Verify(old));
        Assert.Equal(PlaybackTokenOutcome.Valid, Verify(fresh));

        PlaybackTokenOutcome Verify(string token) => new PlaybackTokenVerifier(_keys.Ring).Verify(token, DateTimeOffset.UnixEpoch, out _);
    }

    [Fact]
    public async Task File_Broken_LeavesTheKeysUntilItIsWholeAgain()
    {
        var whole = await File.ReadAllBytesAsync(Path);
        foreach (var text in new[] { "", "{", "null", """{"playbackKey":9,"playbackKeys":{}}""" })
        {
            await File.WriteAllTextAsync(Path, text);
            File.Delete(Path);
            await File.WriteAllTextAsync(Path, text);
        }

        // That the broken ones were seen shows in the good one that comes after them.
        File.SetUnixFileMode(Path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        Assert.Equal(1, _keys.Ring.Current);
        await File.WriteAllBytesAsync(Path, whole);
        SecretsFile.Change(Path, file => file.WithNewPlaybackKey().WithPlaybackKey(2));
        await Eventually.TrueAsync(() => _keys.Ring.Current == 2, "the keys of the whole file are taken over");
    }
}
