using System.Security.Cryptography;
using Movento.Contracts;
using Movento.ControlPlane.Identity.AccessTokens;
using Movento.Hosting;

namespace Movento.Secrets;

/// <summary>
/// Takes over the keys of playback and of access tokens of the secrets file when it changes, so that a rotation needs no restart. The other secrets are read at the
/// start alone. A file that cannot be read leaves the keys as they are.
/// </summary>
public sealed partial class SecretsWatch : IAsyncDisposable
{
    /// <summary>How often the file is looked at. Read whole: a modification time does not tell of a file that was replaced behind a link.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private readonly CancellationTokenSource _stop = new();
    private readonly string _path;
    private readonly PlaybackKeys _keys;
    private readonly ILogger _logger;
    private readonly AccessTokenKeyRing? _accessTokens;
    private readonly TimeProvider _time;
    private readonly Task _watching;
    private IReadOnlyList<AccessTokenKey> _taken = [];

    /// <summary>Begins to watch.</summary>
    /// <param name="path">The secrets file.</param>
    /// <param name="keys">What is replaced.</param>
    /// <param name="time">Says when to look.</param>
    /// <param name="logger">Is told of every change, without a secret.</param>
    /// <param name="accessTokens">What is replaced too, where this process issues or verifies access tokens.</param>
    public SecretsWatch(string path, PlaybackKeys keys, TimeProvider time, ILogger logger, AccessTokenKeyRing? accessTokens = null)
    {
        (_path, _keys, _logger, _accessTokens, _time) = (path, keys, logger, accessTokens, time);
        _watching = WatchAsync(time);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _watching;
        _stop.Dispose();
    }

    private async Task WatchAsync(TimeProvider time)
    {
        using var timer = new PeriodicTimer(Interval, time);
        var seen = Fingerprint();
        try
        {
            // The file may have changed between the start's reading and this one's.
            Take();
            while (await timer.WaitForNextTickAsync(_stop.Token))
            {
                var now = Fingerprint();
                if (now.AsSpan().SequenceEqual(seen)) continue;
                seen = now;
                Take();
            }
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // The process stops.
        }
    }

    // Empty for what cannot be read: that is a change too, of which Take says why.
    private byte[] Fingerprint()
    {
        try
        {
            return SHA256.HashData(File.ReadAllBytes(_path));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    private void Take()
    {
        try
        {
            var secrets = SecretsFile.Read(_path);
            if (_accessTokens is not null && !secrets.AccessTokenKeys.SequenceEqual(_taken))
            {
                _accessTokens.Replace(secrets.AccessTokenKeys);
                if (_taken.Count > 0) Log.AccessTokensReplaced(_logger, string.Join(", ", _accessTokens.IdsAt(_time.GetUtcNow())));
                _taken = secrets.AccessTokenKeys;
            }

            var ring = secrets.KeyRing();
            if (ring.Equals(_keys.Ring)) return;
            _keys.Replace(ring);
            Log.Replaced(_logger, ring.Current, string.Join(", ", ring.Ids), string.Join(", ", ring.CommonAccessTokenKeys.Select(key => key.Id)));
        }
        catch (StartException error)
        {
            Log.Unreadable(_logger, error.Message);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(15, LogLevel.Information, "The keys of access tokens have changed: of {Ids} the first signs")]
        public static partial void AccessTokensReplaced(ILogger logger, string ids);

        [LoggerMessage(11, LogLevel.Information, "The playback keys have changed: {Current} signs, {Ids} verify; of Common Access Tokens: {CommonAccessTokenIds}")]
        public static partial void Replaced(ILogger logger, byte current, string ids, string commonAccessTokenIds);

        [LoggerMessage(12, LogLevel.Error, "The secrets file has changed, but its playback keys cannot be taken over; those from before stay. {Reason}")]
        public static partial void Unreadable(ILogger logger, string reason);
    }
}
