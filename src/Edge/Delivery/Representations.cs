using System.Collections.Frozen;
using System.Diagnostics;
using Movento.Contracts;
using Movento.Edge.Admission;
using Movento.Edge.Cache;
using Movento.Edge.Origin;

namespace Movento.Edge.Delivery;

/// <summary>From a URL to what it stands for: in memory, or after asking the origin once.</summary>
internal sealed class Representations(EdgeOptions options, VersionLoader loader, TimeProvider time)
{
    private readonly DocumentCache<VersionKey, PlayableVersion> _versions = new(
        options.DocumentCacheBytes, options.MissingLifetime, time, loader.LoadPresentationAsync, version => version.Bytes,
        version => version.IsGrowing ? options.GrowingLifetime : null);

    private readonly DocumentCache<DocumentKey, Document> _documents = new(
        options.DocumentCacheBytes, options.MissingLifetime, time, loader.LoadDocumentAsync, document => document.Length);

    /// <summary>What the URL stands for, if its version is in memory; else null, and <see cref="LoadAsync"/> knows more.</summary>
    public Representation? Find(in EdgeUrl url, in Admitted admitted) =>
        NameOfDocument(url) is { } name
            ? _documents.TryGet(new DocumentKey(url.Asset, url.Version, name))
            : _versions.TryGet(new VersionKey(url.Asset, url.Version, url.Addressing))?.Find(url, admitted);

    /// <summary>What <paramref name="target"/>, which <see cref="EdgeUrl"/> reads, stands for, or why there is nothing.</summary>
    public async ValueTask<(Representation? Representation, EdgeOutcome? Failure)> LoadAsync(
        string target, Admitted admitted, CancellationToken cancellationToken)
    {
        if (DocumentOf(Read(target)) is { } document) return await _documents.GetAsync(document, cancellationToken);
        var (version, failure) = await _versions.GetAsync(VersionOf(Read(target)), cancellationToken);
        if (version is null) return (null, failure);
        return version.Find(Read(target), admitted) is { } found ? (found, null) : (null, EdgeOutcome.NotFound);
    }

    /// <summary>The keys that may be given out of the version that <paramref name="target"/> is in, or why there is no version.</summary>
    public async ValueTask<(FrozenSet<UInt128>? KeyIds, EdgeOutcome? Failure)> LoadKeyIdsAsync(string target, CancellationToken cancellationToken)
    {
        var (version, failure) = await _versions.GetAsync(VersionOf(Read(target)), cancellationToken);
        return (version?.KeyIds, failure);
    }

    private static DocumentKey? DocumentOf(in EdgeUrl url) => NameOfDocument(url) is { } name ? new DocumentKey(url.Asset, url.Version, name) : null;

    private static VersionKey VersionOf(in EdgeUrl url) => new(url.Asset, url.Version, url.Addressing);

    // Small files that are kept whole; the others are read by blocks.
    private static string? NameOfDocument(in EdgeUrl url) => url.File switch
    {
        EdgeFile.Poster => StorageKey.PosterName,
        EdgeFile.Thumbnails => StorageKey.ThumbnailsName(url.Number),
        EdgeFile.Subtitles => StorageKey.SubtitlesName(url.Rendition),
        _ => null,
    };

    private static EdgeUrl Read(string target) =>
        EdgeUrl.TryParse(EdgeUrl.PathOf(target), out var url) ? url : throw new UnreachableException();
}
