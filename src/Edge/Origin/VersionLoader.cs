using Microsoft.Extensions.Logging;
using Movento.Contracts;
using Movento.Edge.Cache;
using Movento.Edge.Delivery;
using Movento.Edge.Observation;
using Movento.Edge.Redis;
using Movento.Edge.Steering;
using Movento.Packager;
using Movento.Packager.Presentations;

namespace Movento.Edge.Origin;

/// <summary>Brings from the object store what is small and whole: presentations, from which the manifests are rendered, pictures and subtitles.</summary>
internal sealed partial class VersionLoader(
    SharedCache shared, OriginReader origin, SteeringPathways steering, ILogger<VersionLoader> logger)
{
    /// <summary>A film of ten hours in two-second segments on a dozen renditions is about 10 MiB of JSON.</summary>
    private const int MaxPresentationBytes = 16 << 20;

    /// <summary>Far more than a poster, a page of thumbnails or the subtitles of a long film.</summary>
    private const int MaxDocumentBytes = 4 << 20;

    // Most presentations and documents come in one read of this.
    private const int FirstRead = 128 << 10;

    // The text of a long film takes more than one read, between which it may grow.
    private const int GrowingReads = 3;

    /// <summary>The version with its manifests rendered: whole, or else as far as it has grown.</summary>
    public async Task<(PlayableVersion? Value, EdgeOutcome? Failure)> LoadPresentationAsync(VersionKey key)
    {
        var whole = await LoadWholeAsync(key);
        return whole.Failure == EdgeOutcome.NotFound ? await LoadGrowingAsync(key) : whole;
    }

    private async Task<(PlayableVersion? Value, EdgeOutcome? Failure)> LoadGrowingAsync(VersionKey key)
    {
        for (var attempt = 1; ; attempt++)
        {
            var (bytes, failure) = await ReadWholeAsync(StorageKey.Growing(key.Asset, key.Version), MaxPresentationBytes);
            if (failure is not null) return (null, failure);
            try
            {
                return (new GrowingVersion(key, GrowingPresentationJson.Read(bytes.Span), steering.HintsOf(key)), null);
            }
            catch (MediaFormatException) when (attempt < GrowingReads)
            {
            }
            catch (MediaFormatException exception)
            {
                Log.NotAPresentation(logger, exception, key.Asset, key.Version);
                return (null, EdgeOutcome.OriginCorrupt);
            }
#pragma warning disable CA1031 // As below.
            catch (Exception exception)
#pragma warning restore CA1031
            {
                Log.NotRendered(logger, exception, key.Asset, key.Version);
                return (null, EdgeOutcome.OriginCorrupt);
            }
        }
    }

    private async Task<(PlayableVersion? Value, EdgeOutcome? Failure)> LoadWholeAsync(VersionKey key)
    {
        var (bytes, source, failure) = await ReadSharedAsync(StorageKey.Presentation(key.Asset, key.Version), MaxPresentationBytes);
        if (failure is not null) return (null, failure);
        try
        {
            return (new PublishedVersion(key, PresentationJson.Read(bytes.Span), steering.HintsOf(key)) { Source = source }, null);
        }
        catch (MediaFormatException exception)
        {
            Log.NotAPresentation(logger, exception, key.Asset, key.Version);
            return (null, EdgeOutcome.OriginCorrupt);
        }
#pragma warning disable CA1031 // A presentation that cannot be rendered must fail its viewers, not hang them.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            Log.NotRendered(logger, exception, key.Asset, key.Version);
            return (null, EdgeOutcome.OriginCorrupt);
        }
    }

    /// <summary>A small file of the version: a picture, or subtitles.</summary>
    public async Task<(Document? Value, EdgeOutcome? Failure)> LoadDocumentAsync(DocumentKey key)
    {
        var (bytes, source, failure) = await ReadSharedAsync(StorageKey.VersionPrefix(key.Asset, key.Version) + key.Name, MaxDocumentBytes);
        var contentType = key.Name.EndsWith(".jpg", StringComparison.Ordinal) ? ContentTypes.Jpeg : ContentTypes.WebVtt;
        return failure is null ? (Document.Of(bytes.Span, contentType, source: source), null) : (null, failure);
    }

    /// <summary>What never changes: from another edge by way of Redis, else from the object store.</summary>
    private async Task<(ReadOnlyMemory<byte> Bytes, CacheTier Source, EdgeOutcome? Failure)> ReadSharedAsync(string key, int maxBytes)
    {
        if (await shared.TryReadAsync(key) is { } known) return (known, CacheTier.Redis, null);
        var (bytes, failure) = await ReadWholeAsync(key, maxBytes);
        if (failure is null) shared.Give(key, bytes);
        return (bytes, CacheTier.Origin, failure);
    }

    private async Task<(ReadOnlyMemory<byte> Bytes, EdgeOutcome? Failure)> ReadWholeAsync(string key, int maxBytes)
    {
        using var turn = await origin.EnterAsync();
        if (!turn.Entered) return (default, EdgeOutcome.Overloaded);
        var buffer = new byte[FirstRead];
        var length = 0;
        while (true)
        {
            var (read, failure) = await origin.ReadAsync(turn, key, length, buffer.AsMemory(length));
            if (failure is not null) return (default, failure);
            length += read;
            // Fewer bytes than asked: the object's end.
            if (length < buffer.Length) return (buffer.AsMemory(0, length), null);
            if (length > maxBytes)
            {
                Log.TooLarge(logger, key, maxBytes);
                return (default, EdgeOutcome.OriginCorrupt);
            }

            Array.Resize(ref buffer, buffer.Length * 4);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(3011, LogLevel.Error, "presentation.json of {Asset} v{Version} is not a presentation")]
        public static partial void NotAPresentation(ILogger logger, Exception exception, AssetId asset, int version);

        [LoggerMessage(3012, LogLevel.Error, "The manifests of {Asset} v{Version} cannot be rendered")]
        public static partial void NotRendered(ILogger logger, Exception exception, AssetId asset, int version);

        [LoggerMessage(3013, LogLevel.Error, "{Key} is larger than the {Limit} bytes that the edge reads of such a file")]
        public static partial void TooLarge(ILogger logger, string key, int limit);
    }
}
