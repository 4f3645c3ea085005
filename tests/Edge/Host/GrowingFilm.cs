using System.Buffers;
using Movento.Contracts;
using Movento.Packager.Presentations;

namespace Movento.Edge.Tests.Host;

/// <summary>The film's sound as a version that is still made: the whole one is taken away.</summary>
internal sealed class GrowingFilm(EdgeHost edge)
{
    private readonly Rendition _whole = edge.Film.Presentation.Renditions[1];

    /// <summary>Lets it have so many segments.</summary>
    public async Task GrowAsync(int segments)
    {
        await edge.Store.DeleteAsync(StorageKey.Presentation(Film.Asset, Film.Version), default);
        for (var number = 1; number <= segments; number++)
            await PutAsync(StorageKey.GrowingSegment(Film.Asset, Film.Version, "a0", number), BytesOf(_whole.Segments[number - 1]));
        var json = new ArrayBufferWriter<byte>();
        GrowingPresentationJson.Write(json, new GrowingPresentation
        {
            Renditions = [new GrowingRendition(_whole with { Encryption = null, Segments = _whole.Segments[..segments] }, segments, 0, 1)],
            TargetDuration = edge.Film.Presentation.TargetDuration, StartedAt = DateTimeOffset.UnixEpoch, GrownAt = DateTimeOffset.UnixEpoch.AddSeconds(segments),
        });
        await PutAsync(StorageKey.Growing(Film.Asset, Film.Version), json.WrittenSpan.ToArray());
    }

    public async Task PutAsync(string key, byte[] bytes)
    {
        using var content = new MemoryStream(bytes, writable: false);
        await edge.Store.PutAsync(key, content, "application/octet-stream", default);
    }

    private byte[] BytesOf(Segment segment) => edge.Film.Audio.AsSpan((int)segment.Offset, (int)segment.Size).ToArray();
}
