using System.Buffers;
using System.Buffers.Binary;
using System.Security.Cryptography;
using Movento.Contracts;
using Movento.Packager.Cmaf;
using Movento.Packager.Presentations;
using Movento.Packager.Protection;
using Movento.Storage;

namespace Movento.Browser.Tests.Running;

/// <summary>A film that is put into the object store bit by bit, as ingest does while it encodes, and at last as a whole.</summary>
internal sealed class GrowingFilm : IDisposable
{
    public const int Version = 1;

    // An encrypted film's key changes once, halfway.
    private const int SegmentsPerKey = GrowingSource.Seconds / 2;

    private readonly GrowingSource _source;
    private readonly IObjectStore _store;
    private readonly Dictionary<string, EncryptionSettings> _encryption = [];
    private readonly GrowingTrack _pictures;
    private readonly GrowingTrack _sound;
    private readonly DateTimeOffset _startedAt = DateTimeOffset.UtcNow;
    private int _chunks;

    public GrowingFilm(GrowingSource source, IObjectStore store, EncryptionScheme? scheme)
    {
        (_source, _store) = (source, store);
        if (scheme is not null)
        {
            UInt128[] keys = [NewNumber(), NewNumber()];
            foreach (var rendition in (string[])["v180", "v360", "a0"])
                _encryption[rendition] = new EncryptionSettings { Scheme = scheme.Value, Keys = [.. keys.Select(NewKey)], SegmentsPerKey = SegmentsPerKey };
        }

        _pictures = new GrowingTrack(Pictures("v180"));
        _sound = new GrowingTrack(Sound);
    }

    public AssetId Asset { get; } = new(Guid.CreateVersion7());

    /// <summary>Seconds that can be played now.</summary>
    public double Playable => Math.Min(_pictures.SegmentCount, _sound.SegmentCount);

    /// <summary>Whether every chunk was given out.</summary>
    public bool IsGivenOut => _chunks == _source.Small.Count;

    private CmafSettings Sound => new()
    {
        Id = "a0", Kind = TrackKind.Audio, SegmentDuration = TimeSpan.FromSeconds(1), IsDefault = true, Name = "English", Language = "en",
        Encryption = _encryption.GetValueOrDefault("a0"),
    };

    /// <summary>The next chunk, and as much sound.</summary>
    public async Task GrowAsync()
    {
        var isLast = _chunks + 1 == _source.Small.Count;
        await using (var chunk = File.OpenRead(_source.Small[_chunks].Path))
            await PutAsync("v180", _pictures, _pictures.AppendChunkAsync(chunk, _source.Small[_chunks].Start, isLast));
        var bytes = await File.ReadAllBytesAsync(_source.Sound);
        using (var sound = new MemoryStream(bytes, 0, isLast ? bytes.Length : bytes.Length * (_chunks + 1) / _source.Small.Count))
            await PutAsync("a0", _sound, _sound.AppendAsync(sound, isLast));
        _chunks++;
        if (_pictures.State is not { } pictures || _sound.State is not { } heard) return;
        var json = new ArrayBufferWriter<byte>();
        GrowingPresentationJson.Write(json, new GrowingPresentation
        {
            Renditions = [pictures, heard], TargetDuration = 1, StartedAt = _startedAt, GrownAt = DateTimeOffset.UtcNow,
        });
        await PutAsync(StorageKey.Growing(Asset, Version), json.WrittenMemory);
    }

    /// <summary>The whole film, with a rung that nobody could play before.</summary>
    public async Task CompleteAsync()
    {
        var renditions = new List<Rendition>
        {
            await PackageAsync("v180", destination => CmafPackager.PackageAsync(_source.Small, destination, Pictures("v180") with { CompositionDelay = _pictures.CompositionDelay }, default)),
            await PackageAsync("v360", destination => CmafPackager.PackageAsync(_source.Large, destination, Pictures("v360"), default)),
            await PackageAsync("a0", async destination =>
            {
                await using var sound = File.OpenRead(_source.Sound);
                return await CmafPackager.PackageAsync(sound, destination, Sound with { CompositionDelay = 0 }, default);
            }),
        };
        var json = new ArrayBufferWriter<byte>();
        PresentationJson.Write(json, new Presentation { Renditions = [.. renditions] });
        await PutAsync(StorageKey.Presentation(Asset, Version), json.WrittenMemory);
    }

    /// <summary>What was given out early is gone; only the whole film is there.</summary>
    public async Task RemoveRemainsAsync()
    {
        await _store.DeleteAsync(StorageKey.Growing(Asset, Version), default);
        await foreach (var found in _store.ListAsync(StorageKey.GrowingPrefix(Asset, Version), default)) await _store.DeleteAsync(found.Key, default);
    }

    public void Dispose()
    {
        _pictures.Dispose();
        _sound.Dispose();
        foreach (var key in _encryption.Values.SelectMany(settings => settings.Keys)) key.Dispose();
    }

    private CmafSettings Pictures(string id) => new()
    {
        Id = id, Kind = TrackKind.Video, SegmentDuration = TimeSpan.FromSeconds(1), Encryption = _encryption.GetValueOrDefault(id),
    };

    private ContentKey NewKey(UInt128 id)
    {
        Span<byte> key = stackalloc byte[ContentKey.Size];
        StoreEdge.ContentKeys.Derive(Asset, id, key);
        return new ContentKey(id, key, NewNumber());
    }

    private static UInt128 NewNumber() => BinaryPrimitives.ReadUInt128BigEndian(RandomNumberGenerator.GetBytes(16));

    private async Task<Rendition> PackageAsync(string id, Func<Stream, Task<Rendition>> package)
    {
        using var file = new MemoryStream();
        var rendition = await package(file);
        await PutAsync(StorageKey.Rendition(Asset, Version, id), file.ToArray());
        return rendition;
    }

    private async Task PutAsync(string id, GrowingTrack track, IAsyncEnumerable<GrownSegment> segments)
    {
        await foreach (var segment in segments)
        {
            if (segment.Number == 1) await PutAsync(StorageKey.GrowingHeader(Asset, Version, id), track.Header);
            await PutAsync(StorageKey.GrowingSegment(Asset, Version, id, segment.Number), segment.Bytes);
        }
    }

    private async Task PutAsync(string key, ReadOnlyMemory<byte> bytes)
    {
        using var content = new MemoryStream(bytes.ToArray(), writable: false);
        await _store.PutAsync(key, content, "application/octet-stream", default);
    }
}
