using System.Collections.Concurrent;
using System.Threading.Channels;
using Movento.Contracts;
using Movento.Edge.Admission;
using Movento.Edge.Cache;

namespace Movento.Edge.Observation.Playbacks;

/// <summary>
/// The playbacks that are under way, so many at most, and the reports of those that are over, so many at most: <see cref="PlaybackReporter"/> sends them.
/// Following a playback that is known allocates nothing and waits for nobody.
/// </summary>
internal sealed class PlaybackTable
{
    private readonly ConcurrentDictionary<PlaybackKey, Playback> _playbacks = new(new PlaybackKey.Comparer());
    private readonly ConcurrentDictionary<PlaybackKey, Playback>.AlternateLookup<PlaybackKey.Sought> _sought;
    private readonly SieveQueue<Playback> _queue = new();
    private readonly Lock _lock = new();
    private readonly Channel<PlaybackQuality> _reports;
    private readonly PlaybackOptions _options;
    private readonly EdgeMetrics _metrics;
    private readonly TimeProvider _time;

    public PlaybackTable(EdgeOptions options, EdgeMetrics metrics, TimeProvider time, IEnumerable<IPlaybackReports> reports)
    {
        (_options, _metrics, _time) = (options.Playback, metrics, time);
        _sought = _playbacks.GetAlternateLookup<PlaybackKey.Sought>();
        _reports = Channel.CreateBounded<PlaybackQuality>(new BoundedChannelOptions(_options.MaxWaiting) { SingleReader = true });
        IsOn = reports.Any();
        metrics.ObservePlaybacks(() => _playbacks.Count);
    }

    /// <summary>Whether anybody wants reports.</summary>
    public bool IsOn { get; }

    /// <summary>Playbacks that are followed.</summary>
    public int Count => _playbacks.Count;

    /// <summary>What is to be sent.</summary>
    public ChannelReader<PlaybackQuality> Reports => _reports.Reader;

    /// <summary>Takes what a player said with a request for something of <paramref name="url"/>'s version.</summary>
    public void Observe(in EdgeUrl url, in ClientData data, long bodyBytes)
    {
        if (data.SessionId.IsEmpty) return;
        var now = Milliseconds();
        var sought = new PlaybackKey.Sought(url.Asset, data.SessionId);

        // Twice, where the one that was found has just been reported.
        for (var attempt = 0; attempt < 2; attempt++)
        {
            if (_sought.TryGetValue(sought, out var playback)) playback.Visited = true;
            else playback = Add(sought, url.Version, now);
            if (playback.Observe(data, bodyBytes, now)) break;
        }

        _metrics.PlaybackObserved();
        if (data.IsStarved) _metrics.Starved();
    }

    /// <summary>Reports the playbacks that are over: said to be, or quiet for long.</summary>
    public void Sweep()
    {
        var now = Milliseconds();
        foreach (var playback in _playbacks.Values)
        {
            var quiet = now - playback.LastAt;
            // After its end, a player may still send what it had to say.
            if (quiet < (playback.HasEnded ? EndedLifetime : _options.IdleLifetime).TotalMilliseconds) continue;
            lock (_lock)
            {
                if (!_playbacks.TryRemove(new KeyValuePair<PlaybackKey, Playback>(playback.Key, playback))) continue;
                _queue.Remove(playback);
            }

            Report(playback, "idle");
        }
    }

    /// <summary>Reports all that are left: the edge stops.</summary>
    public void Stop()
    {
        foreach (var playback in _playbacks.Values)
        {
            if (_playbacks.TryRemove(new KeyValuePair<PlaybackKey, Playback>(playback.Key, playback))) Report(playback, "stopped");
        }
    }

    private static readonly TimeSpan EndedLifetime = TimeSpan.FromSeconds(10);

    private Playback Add(PlaybackKey.Sought sought, int version, long now)
    {
        Playback? evicted = null;
        Playback playback;
        lock (_lock)
        {
            if (_sought.TryGetValue(sought, out var found)) return found;
            if (_queue.Count >= _options.MaxSessions && (evicted = _queue.Evict(static _ => true)) is not null)
                _playbacks.TryRemove(new KeyValuePair<PlaybackKey, Playback>(evicted.Key, evicted));
            playback = new Playback(new PlaybackKey(sought.Asset, new string(sought.SessionId)), version, _time.GetUtcNow(), now);
            _playbacks[playback.Key] = playback;
            _queue.Add(playback);
        }

        if (evicted is not null) Report(evicted, "evicted");
        return playback;
    }

    private void Report(Playback playback, string ending)
    {
        if (playback.End(ending) is { } quality && !_reports.Writer.TryWrite(quality)) _metrics.ReportsLost(1);
    }

    private long Milliseconds() => (long)_time.GetElapsedTime(0).TotalMilliseconds;
}
