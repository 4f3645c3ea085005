using System.Buffers;
using System.Collections.Frozen;
using Microsoft.Extensions.Logging;
using Movento.Contracts;
using Movento.Ingest.Jobs;
using Movento.Packager;
using Movento.Packager.Cmaf;
using Movento.Packager.Presentations;
using Movento.Storage;

namespace Movento.Ingest.Growing;

/// <summary>
/// One film that is played while it is made. Segments go into the object store as chunks become whole, then growing.json names them; once it does for
/// every rendition of the plan, the film is announced as playable. What cannot be given out early is not an error of the film: it just does not grow
/// any more, and is played once it is whole.
/// </summary>
internal sealed partial class GrowingPublication : IAsyncDisposable
{
    // A player asks every few seconds; a text of a long film need not be written for each of many small chunks.
    private static readonly TimeSpan WriteInterval = TimeSpan.FromSeconds(1);

    private readonly IngestJob _job;
    private readonly GrowingPlan _plan;
    private readonly IObjectStore _store;
    private readonly PlayableAnnouncement _announcement;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly SemaphoreSlim _turn = new(1, 1);
    private readonly FrozenDictionary<string, GrowingTrack> _tracks;
    private readonly FrozenDictionary<string, TimeSpan> _resumeAt;
    private GrowingPresentation? _published;
    private long _writtenAt;
    private bool _isAnnounced;
    private bool _isStopped;

    public GrowingPublication(
        IngestJob job, GrowingPlan plan, GrowingPresentation? resumed,
        IObjectStore store, PlayableAnnouncement announcement, TimeProvider time, ILogger logger)
    {
        (_job, _plan, _published, _store, _announcement, _time, _logger) = (job, plan, resumed, store, announcement, time, logger);
        var states = resumed?.Renditions.ToDictionary(rendition => rendition.Rendition.Id) ?? [];
        _tracks = plan.Renditions.ToFrozenDictionary(
            settings => settings.Id, settings => new GrowingTrack(settings, states.GetValueOrDefault(settings.Id)));
        _resumeAt = plan.Renditions.ToFrozenDictionary(settings => settings.Id, settings => states.GetValueOrDefault(settings.Id)?.Rendition.Duration ?? TimeSpan.Zero);
    }

    /// <summary>Whether the film grows any more; false after something of it could not be given out.</summary>
    public bool IsGrowing => !_isStopped;

    /// <summary>Whether a player may begin.</summary>
    public bool IsPlayable => _published is not null;

    /// <summary>Up to where a rendition was given out before this process took the film over: chunks that end before need not be fed again.</summary>
    public TimeSpan ResumeAt(string rendition) => _resumeAt[rendition];

    /// <summary>
    /// What the rendition's file must be packaged with (<see cref="CmafSettings.CompositionDelay"/>), so that its segments are the bytes that were
    /// given out. Null where nothing was.
    /// </summary>
    public long? CompositionDelayOf(string rendition) =>
        _tracks.TryGetValue(rendition, out var track) && (track.Header.Length > 0 || track.SegmentCount > 0) ? track.CompositionDelay : null;

    /// <summary>The next chunk of a rendition of pictures, in the order of the film.</summary>
    /// <param name="rendition">Its id.</param>
    /// <param name="chunk">A whole MP4 file, its times from its own start.</param>
    /// <param name="start">Where it begins in the film.</param>
    /// <param name="isLast">Whether the film ends with it.</param>
    /// <param name="cancellationToken">Stops it; this publication is of no use then.</param>
    public Task AppendChunkAsync(string rendition, Stream chunk, TimeSpan start, bool isLast, CancellationToken cancellationToken) =>
        AppendAsync(rendition, track => track.AppendChunkAsync(chunk, start, isLast, cancellationToken), isLast, cancellationToken);

    /// <summary>What the encoded file of a track of sound has grown by.</summary>
    /// <param name="rendition">Its id.</param>
    /// <param name="file">The fragmented MP4 file from its first byte; it may end anywhere.</param>
    /// <param name="isWhole">Whether it will not grow any more.</param>
    /// <param name="cancellationToken">Stops it; this publication is of no use then.</param>
    public Task AppendSoundAsync(string rendition, Stream file, bool isWhole, CancellationToken cancellationToken) =>
        AppendAsync(rendition, track => track.AppendAsync(file, isWhole, cancellationToken), isWhole, cancellationToken);

    public async ValueTask DisposeAsync()
    {
        await _turn.WaitAsync();
        foreach (var track in _tracks.Values) track.Dispose();
        _turn.Dispose();
    }

    private async Task AppendAsync(
        string rendition, Func<GrowingTrack, IAsyncEnumerable<GrownSegment>> append, bool isEnd, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            if (_isStopped) return;
            var track = _tracks[rendition];
            var before = track.SegmentCount;
            await foreach (var segment in append(track).WithCancellation(cancellationToken))
            {
                if (segment.Number == 1)
                    await PutAsync(StorageKey.GrowingHeader(_job.Asset, _job.Version, rendition), track.Header, cancellationToken);
                await PutAsync(StorageKey.GrowingSegment(_job.Asset, _job.Version, rendition, segment.Number), segment.Bytes, cancellationToken);
            }

            if (track.SegmentCount > before || isEnd) await PublishAsync(isEnd, cancellationToken);
        }
        catch (MediaFormatException exception)
        {
            _isStopped = true;
            Log.StoppedGrowing(_logger, exception, _job.Asset.ToString(), rendition);
        }
        finally
        {
            _turn.Release();
        }
    }

    // The text after what it names.
    private async Task PublishAsync(bool isEnd, CancellationToken cancellationToken)
    {
        var states = _plan.Renditions.Select(settings => _tracks[settings.Id].State).ToList();
        if (states.Contains(null)) return;
        if (_published is not null && !isEnd && _time.GetElapsedTime(_writtenAt) < WriteInterval) return;

        var now = _time.GetUtcNow();
        var growing = new GrowingPresentation
        {
            Renditions = [.. states.Select(state => state!)],
            TargetDuration = _published?.TargetDuration ?? PlannedTargetDuration(states!),
            ExpectedDuration = _published is null ? _plan.ExpectedDuration : _published.ExpectedDuration,
            Chapters = _published?.Chapters ?? [.. _plan.Chapters ?? []],
            StartedAt = _published?.StartedAt ?? now,
            GrownAt = now,
        };
        if (growing.Playable.TargetDuration > growing.TargetDuration)
        {
            // What was promised to players must not be broken; the whole film may well have another one.
            _isStopped = true;
            Log.SegmentTooLong(_logger, _job.Asset.ToString(), growing.TargetDuration);
            return;
        }

        var json = new ArrayBufferWriter<byte>();
        GrowingPresentationJson.Write(json, growing);
        await PutAsync(StorageKey.Growing(_job.Asset, _job.Version), json.WrittenMemory, cancellationToken, "application/json");
        _writtenAt = _time.GetTimestamp();
        _published = growing;
        if (_isAnnounced) return;
        await _announcement.AnnounceAsync(_job, growing, cancellationToken);
        _isAnnounced = true;
        Log.Playable(_logger, _job.Asset.ToString(), _job.Version);
    }

    // A segment ends at the first key frame at or after a multiple of the duration: a picture later at most, if pictures come regularly.
    private long PlannedTargetDuration(IEnumerable<GrowingRendition> states)
    {
        var longest = _plan.Renditions.Max(settings => settings.SegmentDuration).TotalSeconds;
        var picture = states.Max(state => state.Rendition.Video is { FrameRate: var rate } ? (double)rate.Denominator / rate.Numerator : 0);
        return Math.Max(states.Max(state => state.Rendition.TargetDuration), (long)Math.Round(longest + picture, MidpointRounding.AwayFromZero));
    }

    private async Task PutAsync(string key, ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken, string contentType = "video/mp4")
    {
        using var content = new MemoryStream(bytes.ToArray(), writable: false);
        await _store.PutAsync(key, content, contentType, cancellationToken);
    }

    private static partial class Log
    {
        [LoggerMessage(3901, LogLevel.Information, "{Asset} v{Version} can be played while it is made")]
        public static partial void Playable(ILogger logger, string asset, int version);

        [LoggerMessage(3902, LogLevel.Warning, "{Asset} does not grow any more: {Rendition} could not be given out early")]
        public static partial void StoppedGrowing(ILogger logger, Exception exception, string asset, string rendition);

        [LoggerMessage(3903, LogLevel.Warning, "{Asset} does not grow any more: a segment is longer than the {TargetDuration} s that players were told")]
        public static partial void SegmentTooLong(ILogger logger, string asset, long targetDuration);
    }
}
