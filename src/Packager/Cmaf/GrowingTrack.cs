using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using Movento.Packager.IsoBmff;
using Movento.Packager.Presentations;
using Movento.Packager.Protection;
using Movento.Packager.Protection.Ciphers;
using Movento.Packager.Tracks;
using Int128 = System.Int128;

namespace Movento.Packager.Cmaf;

/// <summary>
/// Gives out the segments of a track whose end is not made yet. Pictures come as one MP4 file after another, chunks of the film that begin with a
/// closed group of pictures at a whole multiple of <see cref="CmafSettings.SegmentDuration"/>; sound comes as one fragmented MP4 file that grows. A
/// segment is given out once what follows it has begun: then its last sample's duration is known.
/// <para>
/// Decode times are the presentation times in their order, so that nothing in a segment depends on what comes later; the bytes are those of the whole
/// track's file, if that is packaged with the same settings and this track's <see cref="CompositionDelay"/>.
/// </para>
/// <para>
/// An encrypted track needs keys that have initialization vectors, so that the whole track's file has the same ones, and all keys of the track from the
/// beginning: the header names them.
/// </para>
/// </summary>
/// <remarks>For one caller at a time. In memory are the open segment, the one that is given out, and the places of one chunk's samples.</remarks>
public sealed class GrowingTrack : IDisposable
{
    /// <summary>Bytes of a segment at most: ten seconds at 100 Mb/s.</summary>
    public const int MaxSegmentSize = 128 << 20;

    private readonly CmafSettings _settings;
    private readonly GrowingRendition? _resumed;
    private readonly BoxWriter _scratch = new();
    private readonly ImmutableArray<Segment>.Builder _segments = ImmutableArray.CreateBuilder<Segment>();

    // The open segment: its samples, and their bytes one after another.
    private readonly SampleList _samples = new();
    private readonly BoxWriter _data = new();
    private long _firstDecodeTime;
    private long _start;

    // What was given out, and the decode time at which everything so far ends.
    private int _fragments;
    private long _sampleCount;
    private long _endDecodeTime;

    // What the first samples said.
    private SourceTrack? _source;
    private TrackTimeline _timeline;
    private SegmentGrid _grid;

    // Of an encrypted track; the second one of cbcs and cenc, from the first samples on.
    private readonly KeySchedule? _keys;
    private SampleEncryptor? _encryptor;

    // Up to where the source was read: of chunks the start of the last one, of a growing file the first box that was not read.
    private long _position = -1;
    private bool _isEnded;

    /// <summary>A track from its beginning, or from where it was given out up to, perhaps by another process.</summary>
    /// <param name="settings">What becomes of the track: pictures or sound; the same every time. Keys stay the caller's, until this is disposed.</param>
    /// <param name="resumed">Where it stands; null for from the beginning. What is fed again from before that point is passed over.</param>
    public GrowingTrack(CmafSettings settings, GrowingRendition? resumed = null)
    {
        settings.ThrowIfInvalid();
        if (settings.Kind is not (TrackKind.Video or TrackKind.Audio))
            throw new ArgumentException("Pictures and sound can grow.", nameof(settings));
        if (settings.Encryption is { } encryption)
        {
            if (encryption.Keys.Any(key => key.InitializationVector is null))
                throw new ArgumentException("A track that grows needs keys with initialization vectors: random ones would be others in the whole track's file.", nameof(settings));
            _keys = new KeySchedule(encryption, settings.Kind == TrackKind.Video);
        }

        _resumed = resumed;
        _settings = resumed is null ? settings : settings with { CompositionDelay = resumed.CompositionDelay };
        if (resumed is null)
            return;
        _segments.AddRange(resumed.Rendition.Segments);
        (_fragments, _sampleCount, _endDecodeTime) = (resumed.Fragments, resumed.Rendition.SampleCount, resumed.NextDecodeTime);
    }

    /// <summary>The CMAF header; empty until the first samples were fed.</summary>
    public ReadOnlyMemory<byte> Header { get; private set; }

    /// <summary>See <see cref="CmafSettings.CompositionDelay"/>: what the whole track's file must be packaged with. 0 until the first samples were fed.</summary>
    public long CompositionDelay => _settings.CompositionDelay ?? (_settings.Kind == TrackKind.Video ? _timeline.MediaTime : 0);

    /// <summary>How many segments were given out.</summary>
    public int SegmentCount => _segments.Count;

    /// <summary>The track as far as it was given out; null before the first segment.</summary>
    public GrowingRendition? State
    {
        get
        {
            if (_segments.Count == 0 || _source is null)
                return _resumed;
            var rendition = CmafPackager.Describe(
                _source, _settings, new ByteRange(0, Header.Length), new ByteRange(Header.Length, 0), _segments.ToImmutable(), []) with
            {
                SampleCount = _sampleCount,
                Encryption = _keys?.DescribeAll(_segments.Count),
            };
            return new GrowingRendition(
                // Measured once: what a manifest says of a rendition stays.
                _resumed is null ? rendition : rendition with { Video = _resumed.Rendition.Video },
                _fragments, CompositionDelay, _endDecodeTime - PendingDuration);
        }
    }

    private long PendingDuration
    {
        get
        {
            var pending = 0L;
            foreach (ref var sample in _samples.Span)
                pending += sample.Duration;
            return pending;
        }
    }

    /// <summary>
    /// Feeds the next chunk of pictures. The segments that become whole are given out one by one; the caller takes all of them.
    /// </summary>
    /// <param name="chunk">A whole MP4 file, seekable, its times from its own start.</param>
    /// <param name="start">Where it begins in the film: a whole multiple of the segment duration, later than that of the chunk before.</param>
    /// <param name="isLast">Whether the film ends with it: its last segment is given out too.</param>
    /// <param name="cancellationToken">Stops it; the track is of no use then.</param>
    /// <exception cref="MediaFormatException">The chunk cannot be packaged, or does not follow on what was fed before.</exception>
    public async IAsyncEnumerable<GrownSegment> AppendChunkAsync(
        Stream chunk, TimeSpan start, bool isLast, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        Demand(TrackKind.Video);
        var track = await SourceFile.ReadTrackAsync(chunk, TrackKind.Video, null, cancellationToken).ConfigureAwait(false);
        try
        {
            var (begin, rest) = Int128.DivRem((Int128)start.Ticks * track.Media.Timescale, TimeSpan.TicksPerSecond);
            if (rest != 0 || begin <= _position)
                throw track.Error(MediaFormatError.Invalid, $"{start} is no whole number of ticks, or not later than the start of the chunk before.");
            _position = (long)begin;
            var times = ChunkTimes.Of(track, TrackTimeline.Resolve(track, TrackKind.Video), _position);
            track.Retime(times);
            var first = times.Decode[0];
            if (_source is null)
            {
                var delay = _settings.CompositionDelay ?? DelayOf(track);
                _timeline = new TrackTimeline(first, delay, delay, first);
            }

            Adopt(track);
            await foreach (var segment in AddAsync(chunk, track, first, isLast, cancellationToken).ConfigureAwait(false))
                yield return segment;
        }
        finally
        {
            if (track != _source)
                track.Dispose();
        }
    }

    /// <summary>
    /// Feeds what a fragmented file of sound has grown by. The segments that become whole are given out one by one; the caller takes all of them.
    /// </summary>
    /// <param name="file">The file from its first byte, seekable; it may end anywhere, also in the midst of a box.</param>
    /// <param name="isWhole">Whether it will not grow any more: its last segment is given out too.</param>
    /// <param name="cancellationToken">Stops it; the track is of no use then.</param>
    /// <exception cref="MediaFormatException">The file cannot be packaged.</exception>
    public async IAsyncEnumerable<GrownSegment> AppendAsync(
        Stream file, bool isWhole, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        Demand(TrackKind.Audio);
        (var track, _position) = await GrowingFile.ReadAsync(file, Math.Max(0, _position), TrackKind.Audio, isWhole, cancellationToken).ConfigureAwait(false);
        try
        {
            if (track is { Samples.Count: > 0 })
            {
                if (_source is null)
                    _timeline = TrackTimeline.Resolve(track, TrackKind.Audio);
                // Sound can be decoded from every access unit, whatever its flags say.
                foreach (ref var sample in track.Samples.Span)
                    sample.IsSync = true;
                Adopt(track);
                var first = track.FirstDecodeTime - _source!.FirstDecodeTime + _timeline.Start;
                await foreach (var segment in AddAsync(file, track, first, isWhole, cancellationToken).ConfigureAwait(false))
                    yield return segment;
            }
            else if (isWhole && _samples.Count > 0)
            {
                _isEnded = true;
                yield return Close(EndOfPresentation());
            }
        }
        finally
        {
            if (track != _source)
                track?.Dispose();
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _scratch.Dispose();
        _data.Dispose();
        _samples.Dispose();
        _source?.Dispose();
        _encryptor?.Dispose();
        _keys?.Dispose();
    }

    private void Demand(TrackKind kind)
    {
        if (_settings.Kind != kind)
            throw new InvalidOperationException($"{_settings.Id} does not grow this way.");
        if (_isEnded)
            throw new InvalidOperationException($"{_settings.Id} has ended.");
    }

    // How much later every picture must be composed than it is decoded, so that none is shown before it is decoded: as far as these tell, and at least
    // two pictures where pictures are coded in another order than they are shown in, for what comes later may need them.
    private static long DelayOf(SourceTrack chunk)
    {
        var (least, longest) = (0, 0u);
        foreach (ref var sample in chunk.Samples.Span)
            (least, longest) = (Math.Min(least, sample.CompositionOffset), Math.Max(longest, sample.Duration));
        return Math.Max(-(long)least, chunk.Entry!.NalLengthSize > 0 ? 2L * longest : 0);
    }

    // What the first samples say holds for all: later ones must agree.
    private void Adopt(SourceTrack track)
    {
        if (_source is { } source)
        {
            if (track.Media.Timescale != source.Media.Timescale || !track.Entry!.Box.AsSpan().SequenceEqual(source.Entry!.Box.AsSpan()))
                throw track.Error(MediaFormatError.Invalid, "This is coded otherwise than what came before it: the two cannot share one header.");
            return;
        }

        if (_resumed is { } resumed && resumed.Rendition.Timescale != track.Media.Timescale)
            throw track.Error(MediaFormatError.Invalid, "This has other ticks than what was given out before.");
        _source = track;
        _grid = new SegmentGrid(_settings, track.Media.Timescale);
        _scratch.Clear();
        HeaderWriter.Write(_scratch, track, _timeline, _settings with { CompositionDelay = CompositionDelay }, _keys);
        Header = _scratch.Written.ToArray();
        if (_keys is not null && _settings.Encryption!.Scheme is var scheme and not EncryptionScheme.Aes128)
            _encryptor = new SampleEncryptor(track.Entry!.Box.AsSpan(), scheme, _keys, _sampleCount);
    }

    private async IAsyncEnumerable<GrownSegment> AddAsync(
        Stream source, SourceTrack track, long firstDecodeTime, bool isEnd, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var bytes = new SourceBytes(source);
        var decodeTime = firstDecodeTime;
        for (var index = 0; index < track.Samples.Count; index++)
        {
            var sample = track.Samples[index];
            if (_segments.Count > 0 && _samples.Count == 0 && decodeTime < _endDecodeTime)
            {
                // Given out already, before this process.
                decodeTime += sample.Duration;
                continue;
            }

            if (_samples.Count + _segments.Count > 0)
                Follow(decodeTime);
            var time = decodeTime + sample.CompositionOffset + _timeline.CompositionShift - _timeline.MediaTime;
            if (sample.IsSync && _grid.Reaches(time, sample.Duration) && _samples.Count > 0)
                yield return Close(time);
            if (_samples.Count == 0)
                (_firstDecodeTime, _start) = (decodeTime, Math.Max(time, _timeline.Start));
            await AddAsync(bytes, sample, cancellationToken).ConfigureAwait(false);
            decodeTime += sample.Duration;
            _endDecodeTime = decodeTime;
        }

        if (!isEnd)
            yield break;
        _isEnded = true;
        if (_samples.Count > 0)
            yield return Close(EndOfPresentation());
    }

    // A sample lasts until the next one.
    private void Follow(long decodeTime)
    {
        if (decodeTime == _endDecodeTime)
            return;
        if (_samples.Count == 0)
            throw _source!.Error(MediaFormatError.Invalid, $"The samples go on at {decodeTime}, not at {_endDecodeTime}.");
        ref var last = ref _samples[_samples.Count - 1];
        var duration = last.Duration + (decodeTime - _endDecodeTime);
        if (duration is <= 0 or > uint.MaxValue)
            throw _source!.Error(MediaFormatError.Invalid, $"The samples go on at {decodeTime}, but {_endDecodeTime} was reached before.");
        last.Duration = (uint)duration;
        _endDecodeTime = decodeTime;
    }

    private async ValueTask AddAsync(SourceBytes source, Sample sample, CancellationToken cancellationToken)
    {
        if (sample.Size > MaxSegmentSize - _data.Length || _samples.Count == SampleList.MaxCount)
            throw new MediaFormatException(MediaFormatError.TooLarge, "mdat", sample.Offset, $"A segment has more than {MaxSegmentSize} bytes.");
        if (await source.ReadAllAsync(_data.TakeMemory((int)sample.Size), sample.Offset, cancellationToken).ConfigureAwait(false) < sample.Size)
            throw new MediaFormatException(MediaFormatError.Truncated, "mdat", sample.Offset, "The source ended while it was read.");
        _samples.Add() = sample;
    }

    private long EndOfPresentation()
    {
        var (end, decodeTime) = (0L, _firstDecodeTime);
        foreach (ref var sample in _samples.Span)
        {
            end = Math.Max(end, decodeTime + sample.CompositionOffset + _timeline.CompositionShift - _timeline.MediaTime + sample.Duration);
            decodeTime += sample.Duration;
        }

        return end;
    }

    // The open segment, which ends where the next begins.
    private GrownSegment Close(long end)
    {
        if (end <= _start)
            throw _source!.Error(MediaFormatError.Invalid, "A segment has no duration.");
        _scratch.Clear();
        var samples = _samples.Span;
        var shape = FragmentShape.Of(_source!, _settings.Kind);
        var (decodeTime, position) = (_firstDecodeTime, 0);
        for (var first = 0; first < samples.Length;)
        {
            var next = first + 1;
            while (next < samples.Length && (_settings.Kind == TrackKind.Audio || !samples[next].IsSync))
                next++;
            var fragment = samples[first..next];
            var size = 0;
            foreach (ref readonly var sample in fragment)
                size += (int)sample.Size;
            Write(fragment, _data.Written.Span.Slice(position, size), decodeTime, shape);
            position += size;
            foreach (ref readonly var sample in fragment)
                decodeTime += sample.Duration;
            first = next;
        }

        if (_keys is not null && _encryptor is null)
            EncryptWhole();
        var offset = _segments.Count == 0 ? Header.Length : _segments[^1].Offset + _segments[^1].Size;
        var segment = new Segment(offset, _scratch.Length, _start, end - _start);
        _segments.Add(segment);
        _sampleCount += samples.Length;
        _samples.Truncate(0);
        _data.Clear();
        return new GrownSegment(_segments.Count, _scratch.Written.ToArray(), segment.Start, segment.Duration);
    }

    // A fragment: what it says of its samples, and their bytes.
    private void Write(ReadOnlySpan<Sample> fragment, ReadOnlySpan<byte> data, long decodeTime, FragmentShape shape)
    {
        FragmentProtection? protection = null;
        if (_encryptor is not null)
        {
            _encryptor.Begin();
            if (_encryptor.HasRows)
                _encryptor.Map(fragment, data);
            protection = _encryptor.Describe(_segments.Count);
        }

        FragmentWriter.Write(_scratch, fragment, decodeTime, _timeline.CompositionShift, (uint)++_fragments, shape, protection);
        var written = _scratch.Take(data.Length);
        data.CopyTo(written);
        _encryptor?.Encrypt(fragment, written, _segments.Count);
    }

    // AES-128: the segment as a whole, with the padding of PKCS#7 (RFC 8216bis §4.4.4.4).
    private void EncryptWhole()
    {
        var padding = BlockCipher.BlockSize - _scratch.Length % BlockCipher.BlockSize;
        _scratch.Take(padding).Fill((byte)padding);
        var period = _keys!.PeriodOf(_segments.Count);
        _keys.Cipher(period).EncryptChain(_scratch.Writable, _keys.Vector(period));
    }
}
