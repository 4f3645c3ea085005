using Movento.Contracts;
using Movento.Edge.Cache;

namespace Movento.Edge.Observation.Playbacks;

/// <summary>
/// One playback as it is put together from its player's requests and reports. What the player says outright is taken (version 2: <c>msd</c>, <c>bsd</c>, <c>bsda</c>,
/// <c>sta</c>); what it does not say is worked out from when it asked for what with how much in its buffer.
/// </summary>
internal sealed class Playback(PlaybackKey key, int version, DateTimeOffset beganAt, long now) : SieveEntry<Playback>
{
    // A playback may ask for sound and pictures apart: both stall together, and both say so.
    private readonly Track _video = new();
    private readonly Track _audio = new();
    private readonly Lock _lock = new();
    private readonly long _firstAt = now;
    private long _lastAt = now;
    private long _requests;
    private long _bytes;
    private long _throughputs;
    private long _throughputSum;
    private long _topBitrate = ClientData.Unsaid;
    private long _startDelay = ClientData.Unsaid;
    private long _droppedFrames = ClientData.Unsaid;
    private int _errors;
    private char _format;
    private char _state;
    private bool _isLive;
    private bool _saysDurations;
    private long? _firstMediaAt;
    private long? _startedAt;
    private long? _stateAt;
    private long _stalledByStates;
    private int _stallsByStates;
    private long _startByStates = ClientData.Unsaid;
    private bool _isOver;

    public PlaybackKey Key { get; } = key;

    /// <summary>When it was last heard of, in milliseconds of the clock.</summary>
    public long LastAt => Volatile.Read(ref _lastAt);

    /// <summary>Whether the player has said that it is over.</summary>
    public bool HasEnded
    {
        get
        {
            lock (_lock) return _state is 'e' or 'q' or 'f';
        }
    }

    /// <summary>Takes what the player said, at <paramref name="now"/> in milliseconds; false where the playback was reported already.</summary>
    public bool Observe(in ClientData data, long bodyBytes, long now)
    {
        lock (_lock)
        {
            if (_isOver) return false;
            _requests++;
            _bytes += bodyBytes;
            if (data.Throughput > 0)
            {
                _throughputs++;
                _throughputSum += data.Throughput;
            }

            _topBitrate = Math.Max(_topBitrate, data.ObjectType == ObjectType.Audio ? ClientData.Unsaid : data.TopBitrate);
            _droppedFrames = Math.Max(_droppedFrames, data.DroppedFrames);
            if (data.StartDelay != ClientData.Unsaid && _startDelay == ClientData.Unsaid) _startDelay = data.StartDelay;
            if (data.HasError) _errors++;
            if (data.StreamingFormat != '\0') _format = data.StreamingFormat;
            _isLive |= data.StreamType == 'l';
            ObserveTrack(data, now);
            ObserveState(data, now);
            Volatile.Write(ref _lastAt, now);
            return true;
        }
    }

    /// <summary>How it went; null where it was reported already, or was never more than a look at a playlist.</summary>
    public PlaybackQuality? End(string ending)
    {
        lock (_lock)
        {
            if (_isOver) return null;
            _isOver = true;
            if (_firstMediaAt is null && _stateAt is null) return null;
            var (stalled, stalls) = _saysDurations ? (Math.Max(_video.StalledSaid, _audio.StalledSaid), Math.Max(_video.StallsSaid, _audio.StallsSaid))
                : _stateAt is not null ? (_stalledByStates, _stallsByStates)
                : (Math.Max(_video.StalledSeen, _audio.StalledSeen), Math.Max(_video.StallsSeen, _audio.StallsSeen));
            var start = _startDelay != ClientData.Unsaid ? _startDelay
                : _startByStates != ClientData.Unsaid ? _startByStates
                : _startedAt - _firstMediaAt;
            var played = Math.Max(_video.Played, _audio.Played);
            return new PlaybackQuality(
                Key.Asset.Value, version, Key.SessionId, beganAt, (_lastAt - _firstAt) / 1000d,
                _state switch { 'e' => "ended", 'q' => "quit", 'f' => "failed", _ => ending },
                _requests, _bytes,
                start / 1000d, played / 1000d, stalled / 1000d,
                stalled == 0 ? 0 : (double)stalled / (stalled + played),
                stalls,
                (stalls > 0 && !_saysDurations && _stateAt is null) || (start is not null && _startDelay == ClientData.Unsaid && _startByStates == ClientData.Unsaid),
                _video.MeanBitrate ?? _audio.MeanBitrate,
                _topBitrate == ClientData.Unsaid ? null : _topBitrate,
                _throughputs == 0 ? null : (double)_throughputSum / _throughputs,
                _droppedFrames == ClientData.Unsaid ? null : _droppedFrames,
                _errors,
                _format switch { 'h' => "hls", 'd' => "dash", _ => "other" },
                _isLive);
        }
    }

    private void ObserveTrack(in ClientData data, long now)
    {
        var track = data.ObjectType == ObjectType.Audio ? _audio : _video;
        if (data.StarvationDuration != ClientData.Unsaid)
        {
            _saysDurations = true;
            track.StalledSaid += data.StarvationDuration;
            track.StallsSaid++;
        }

        // All stops since the beginning: those of which the player's words were lost on the way too.
        if (data.StarvationsDuration != ClientData.Unsaid)
        {
            _saysDurations = true;
            track.StalledSaid = Math.Max(track.StalledSaid, data.StarvationsDuration);
        }

        track.StallsSaid = (int)Math.Clamp(data.Starvations, track.StallsSaid, int.MaxValue);

        // Reports and requests for playlists have no object of ours, but may say that the film stood still.
        if (data.ObjectType == ObjectType.Other) return;
        _firstMediaAt ??= now;
        if (!data.IsStartup) _startedAt ??= now;
        track.Observe(data, now);
    }

    private void ObserveState(in ClientData data, long now)
    {
        if (data.State == '\0') return;
        // The player's clock where it says the time: reports may come late, and several at once.
        var at = data.Timestamp != ClientData.Unsaid ? data.Timestamp : now;
        if (data.State == _state) return;
        if (_stateAt is { } since && at >= since)
        {
            if (_state == 'r') _stalledByStates += at - since;
            if (_state == 's' && data.State == 'p' && _startByStates == ClientData.Unsaid) _startByStates = at - since;
        }

        if (data.State == 'r') _stallsByStates++;
        _state = data.State;
        _stateAt = at;
    }

    /// <summary>What was asked for of the pictures, or of the sound.</summary>
    private sealed class Track
    {
        private long _previousAt;
        private long _previousDuration;
        private long _previousBuffer = ClientData.Unsaid;
        private long _fetched;
        private long _rated;
        private double _bits;

        public long StalledSaid { get; set; }

        public int StallsSaid { get; set; }

        public long StalledSeen { get; private set; }

        public int StallsSeen { get; private set; }

        public double? MeanBitrate => _rated == 0 ? null : _bits / _rated;

        /// <summary>Milliseconds: what came before the last request, less what lay in the buffer then.</summary>
        public long Played => Math.Max(0, _fetched - Math.Max(0, _previousBuffer));

        public void Observe(in ClientData data, long now)
        {
            if (data.IsStarved)
            {
                StallsSeen++;
                // Between the two requests the player could show what it had and what it fetched, less what it has now; it stood still for the rest.
                // Two requests at once may come here in the other order.
                var between = Math.Max(0, now - _previousAt);
                if (_previousBuffer != ClientData.Unsaid && data.BufferLength != ClientData.Unsaid)
                    StalledSeen += Math.Clamp(between - (_previousBuffer + _previousDuration - data.BufferLength), 0, between);
            }

            var duration = Math.Max(0, data.Duration);
            _fetched += duration;
            if (data.Bitrate > 0 && duration > 0)
            {
                _rated += duration;
                _bits += (double)data.Bitrate * duration;
            }

            _previousAt = now;
            _previousDuration = duration;
            if (data.BufferLength != ClientData.Unsaid) _previousBuffer = data.BufferLength;
        }
    }
}
