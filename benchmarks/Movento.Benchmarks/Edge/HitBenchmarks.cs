using System.Buffers;
using System.IO.Pipelines;
using System.Net;
using BenchmarkDotNet.Attributes;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Primitives;
using Movento.Contracts;
using Movento.Edge;
using Movento.Packager.Presentations;
using Movento.Storage;
using Movento.Storage.Files;

namespace Movento.Benchmarks.Edge;

/// <summary>
/// The whole of a hit in memory but for the connection: from the raw target over token, limits, lookup, conditions and headers to the last byte of the body, which is
/// copied into a writer that drops it. A manifest must cost no more than a segment of 2 KB.
/// </summary>
[MemoryDiagnoser]
public class HitBenchmarks
{
    private const int SegmentBytes = 2048;
    private const int HeaderBytes = 1024;
    private const int Segments = 300;

    private static readonly AssetId Asset = AssetId.Parse("0192f0c1a2b37c4d8e5f60718293a4b5");
    private static readonly int[] Heights = [240, 360, 720, 1080];

    private readonly DroppedAnswer _answer = new();
    private string _folder = "";
    private FileObjectStore _store = null!;
    private ServiceProvider _services = null!;
    private EdgeHandler _handler = null!;
    private DefaultHttpContext _context = null!;
    private IHttpRequestFeature _request = null!;
    private string _version = "";
    private string _segment = "";
    private string _segmentByRange = "";
    private string _multivariantPlaylist = "";
    private string _playlistOfAPart = "";
    private string _mediaPlaylist = "";
    private string _description = "";

    // BenchmarkDotNet 0.14's toolchain within the process does not wait for a setup's task.
    [GlobalSetup]
    public void Load() => LoadAsync().GetAwaiter().GetResult();

    private async Task LoadAsync()
    {
        _folder = Directory.CreateTempSubdirectory("movento-bench-").FullName;
        _store = new FileObjectStore(new FileStorageOptions { Folder = _folder }, TimeProvider.System);
        var film = new Presentation
        {
            Renditions = [.. Heights.Select(height => Rendition($"v{height}", TrackKind.Video, height)), Rendition("a0", TrackKind.Audio, 0)],
        };
        foreach (var rendition in film.Renditions) await PutAsync(StorageKey.Rendition(Asset, 1, rendition.Id), new byte[rendition.FileSize]);
        var json = new ArrayBufferWriter<byte>();
        PresentationJson.Write(json, film);
        await PutAsync(StorageKey.Presentation(Asset, 1), json.WrittenSpan.ToArray());

        var keys = new PlaybackKeys(new PlaybackKeyRing(new Dictionary<byte, byte[]> { [1] = Enumerable.Range(0, 32).Select(value => (byte)value).ToArray() }, 1));
        var services = new ServiceCollection().AddLogging();
        services.AddSingleton(TimeProvider.System);
        services.AddSingleton<IObjectStore>(_store);
        services.AddSingleton(keys);
        services.AddSingleton(new ContentKeySecret(new byte[ContentKeySecret.Length]));
        services.AddMoventoEdge(new EdgeOptions());
        _services = services.BuildServiceProvider();
        _handler = _services.GetRequiredService<EdgeHandler>();

        var token = new PlaybackTokenSigner(keys).Sign(
            new PlaybackClaims(Asset, PlaybackScope.Presentation, TimeProvider.System.GetUtcNow().AddDays(1), Guid.NewGuid()));
        _version = $"/{token}/assets/{Asset}/v1/";
        _segment = $"{_version}segments/a0/7.m4s";
        _segmentByRange = $"{_version}a0.mp4";
        _multivariantPlaylist = $"{_version}master.m3u8";
        _playlistOfAPart = $"{_version}master.m3u8?max-height=720&start=360";
        _mediaPlaylist = $"{_version}v720.m3u8";
        _description = $"{_version}manifest.mpd";

        _context = new DefaultHttpContext();
        _context.Features.Set<IHttpResponseFeature>(_answer);
        _context.Features.Set<IHttpResponseBodyFeature>(_answer);
        _request = _context.Features.GetRequiredFeature<IHttpRequestFeature>();
        (_request.Method, _request.Protocol) = ("GET", "HTTP/1.1");
        _request.Headers.UserAgent = "a player";
        _context.Connection.RemoteIpAddress = IPAddress.Loopback;

        // From the store to memory; and every benchmark is of what its name says.
        foreach (var call in (Func<int>[])[Segment, SegmentByRange, MultivariantPlaylist, MultivariantPlaylistOfAPart, MediaPlaylist, MediaPresentationDescription])
        {
            call();
            if (call() is not (200 or 206) || _answer.Written < 500) throw new InvalidOperationException($"{call.Method.Name}: {_answer.StatusCode}, {_answer.Written} bytes.");
        }
    }

    /// <summary>A segment of 2 KB by its own URL.</summary>
    [Benchmark(Baseline = true)]
    public int Segment() => Ask(_segment);

    /// <summary>A segment of 2 KB as a range of its file.</summary>
    [Benchmark]
    public int SegmentByRange() => Ask(_segmentByRange, "bytes=15360-17407");

    [Benchmark]
    public int MultivariantPlaylist() => Ask(_multivariantPlaylist);

    /// <summary>As a session asks for it: some of the rungs, another one to begin with.</summary>
    [Benchmark]
    public int MultivariantPlaylistOfAPart() => Ask(_playlistOfAPart);

    /// <summary>Of a film of twenty minutes: several times the bytes of the segment, all of them copied here.</summary>
    [Benchmark]
    public int MediaPlaylist() => Ask(_mediaPlaylist);

    [Benchmark]
    public int MediaPresentationDescription() => Ask(_description);

    [GlobalCleanup]
    public void Remove()
    {
        _services.DisposeAsync().AsTask().GetAwaiter().GetResult();
        _store.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    // A hit is over when its call is; only the first, which asks the store, is waited for.
    private int Ask(string target, StringValues range = default)
    {
        _request.RawTarget = target;
        _request.Headers.Range = range;
        _answer.Reset();
        _handler.InvokeAsync(_context).GetAwaiter().GetResult();
        return _answer.StatusCode;
    }

    private async Task PutAsync(string key, byte[] bytes)
    {
        using var content = new MemoryStream(bytes, writable: false);
        await _store.PutAsync(key, content, "application/octet-stream", CancellationToken.None);
    }

    private static Rendition Rendition(string id, TrackKind kind, int height) => new()
    {
        Id = id,
        Kind = kind,
        Codecs = kind == TrackKind.Video ? "avc1.64001f" : "mp4a.40.2",
        Timescale = 1000,
        SampleCount = 24 * 4 * Segments,
        Initialization = new ByteRange(0, HeaderBytes / 2),
        SegmentIndex = new ByteRange(HeaderBytes / 2, HeaderBytes / 2),
        Segments = [.. Enumerable.Range(0, Segments).Select(number => new Segment(HeaderBytes + number * SegmentBytes, SegmentBytes, number * 4000, 4000))],
        Video = kind == TrackKind.Video ? new VideoFormat(height * 16 / 9, height, new FrameRate(24, 1), VideoRange.Sdr) : null,
        Audio = kind == TrackKind.Audio ? new AudioFormat(48_000, 2) : null,
        IsDefault = kind == TrackKind.Audio,
    };

    /// <summary>A response as a server has one, whose body goes nowhere.</summary>
    private sealed class DroppedAnswer : PipeWriter, IHttpResponseFeature, IHttpResponseBodyFeature
    {
        private readonly byte[] _buffer = new byte[256 << 10];

        public int StatusCode { get; set; }

        public string? ReasonPhrase { get; set; }

        public IHeaderDictionary Headers { get; set; } = new NumberedHeaders();

        public Stream Body { get; set; } = System.IO.Stream.Null;

        public bool HasStarted { get; private set; }

        public long Written { get; private set; }

        public Stream Stream => System.IO.Stream.Null;

        public PipeWriter Writer => this;

        public void Reset()
        {
            (StatusCode, HasStarted, Written) = (0, false, 0);
            Headers.Clear();
        }

        public void OnStarting(Func<object, Task> callback, object state) => throw new NotSupportedException();

        public void OnCompleted(Func<object, Task> callback, object state) => throw new NotSupportedException();

        public void DisableBuffering() { }

        public Task SendFileAsync(string path, long offset, long? count, CancellationToken cancellationToken = default) => throw new NotSupportedException();

        public Task StartAsync(CancellationToken cancellationToken = default)
        {
            HasStarted = true;
            return Task.CompletedTask;
        }

        public Task CompleteAsync() => Task.CompletedTask;

        public override void Advance(int bytes) => Written += bytes;

        public override Memory<byte> GetMemory(int sizeHint = 0) => _buffer;

        public override Span<byte> GetSpan(int sizeHint = 0) => _buffer;

        public override void CancelPendingFlush() { }

        public override void Complete(Exception? exception = null) { }

        public override ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default) => new(new FlushResult(isCanceled: false, isCompleted: false));
    }

    /// <summary>Keeps a length as a number, as the server's own headers do.</summary>
    private sealed class NumberedHeaders : HeaderDictionary, IHeaderDictionary
    {
        long? IHeaderDictionary.ContentLength { get; set; }
    }
}
