using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Diagnostics;
using Movento.Contracts;
using Movento.Edge.Admission;
using Movento.Edge.Cache;
using Movento.Edge.Delivery.Selection;
using Movento.Edge.Observation;
using Movento.Edge.Origin;
using Movento.Packager.Presentations;

namespace Movento.Edge.Delivery;

/// <summary>From a URL to what it stands for: in memory, or after asking the origin once.</summary>
internal sealed class Representations
{
    private readonly DocumentCache<VersionKey, PlayableVersion> _versions;
    private readonly DocumentCache<ManifestKey, Representation> _manifests;
    private readonly DocumentCache<DocumentKey, Document> _documents;

    public Representations(EdgeOptions options, VersionLoader loader, EdgeMetrics metrics, TimeProvider time)
    {
        _versions = new DocumentCache<VersionKey, PlayableVersion>(
            options.DocumentCacheBytes, options.MissingLifetime, time, loader.LoadPresentationAsync, version => version.Bytes)
        {
            Lifetime = version => version.IsGrowing ? options.GrowingLifetime : null,
            StaleIfError = options.StaleIfError,
            GivenStale = metrics.GivenStale,
        };
        _manifests = new DocumentCache<ManifestKey, Representation>(
            options.DocumentCacheBytes, options.MissingLifetime, time, RenderAsync, manifest => manifest.Length)
        {
            Lifetime = manifest =>
                manifest is Document { IsGrowing: true } or ManifestTemplate { IsGrowing: true } or MovedRepresentation ? options.GrowingLifetime : null,
        };
        _documents = new DocumentCache<DocumentKey, Document>(
            options.DocumentCacheBytes, options.MissingLifetime, time, loader.LoadDocumentAsync, document => document.Length);
    }

    /// <summary>
    /// What the URL stands for under what its session asks of manifests, if that is in memory; else null, and <see cref="LoadAsync"/> knows more.
    /// </summary>
    public Representation? Find(in EdgeUrl url, in ManifestQuery query, in Admitted admitted)
    {
        if (query.Addressing is { } asked && asked != url.Addressing) return MovedRepresentation.To(PlaceOf(url.File, asked));
        if (NameOfDocument(url) is { } name) return _documents.TryGet(new DocumentKey(url.Asset, url.Version, name));
        var key = VersionOf(url);
        if (_versions.TryGet(key) is not { } version) return null;
        if (!url.IsListing || (query.IsEmpty && admitted.MaxHeight == 0)) return Fill(version.Find(url, admitted), url);
        if (ManifestSelection.Select(query, admitted, version.Renditions, out var selection) is not null) return null;
        return Fill(
            selection.IsEverythingOf(version.Renditions) ? version.Find(url, admitted) : _manifests.TryGet(new ManifestKey(key, version.IsGrowing, url.File, selection)), url);
    }

    /// <summary>
    /// What <paramref name="target"/>, which <see cref="EdgeUrl"/> and <see cref="ManifestQuery"/> read, stands for and where that was found, or why there is
    /// nothing.
    /// </summary>
    public async ValueTask<(Representation? Representation, CacheTier Tier, EdgeOutcome? Failure)> LoadAsync(
        string target, Admitted admitted, CancellationToken cancellationToken)
    {
        if (DocumentOf(Read(target)) is { } name)
        {
            var (document, missing) = await _documents.GetAsync(name, cancellationToken);
            return (document, document?.Source ?? CacheTier.None, missing);
        }

        // A manifest of a part may only have to be rendered.
        var tier = _versions.TryGet(VersionOf(Read(target))) is null ? CacheTier.None : CacheTier.Memory;
        for (var attempt = 1; ; attempt++)
        {
            var (version, failure) = await _versions.GetAsync(VersionOf(Read(target)), cancellationToken);
            if (version is null) return (null, CacheTier.None, failure);
            if (tier == CacheTier.None) tier = version.Source;
            if (PartOf(target, admitted, version, out failure) is not { } part)
            {
                if (failure is not null) return (null, tier, failure);
                return Fill(version.Find(Read(target), admitted), Read(target)) is { } found ? (found, tier, null) : (null, tier, EdgeOutcome.NotFound);
            }

            // A version that grows may have become whole meanwhile.
            (var manifest, failure) = await _manifests.GetAsync(part, cancellationToken);
            if (manifest is not null || !version.IsGrowing || attempt > 1) return (Fill(manifest, Read(target)), tier, failure);
        }
    }

    /// <summary>The keys that may be given out of the version that <paramref name="target"/> is in, or why there is no version.</summary>
    public async ValueTask<(FrozenSet<UInt128>? KeyIds, EdgeOutcome? Failure)> LoadKeyIdsAsync(string target, CancellationToken cancellationToken)
    {
        var (version, failure) = await _versions.GetAsync(VersionOf(Read(target)), cancellationToken);
        return (version?.KeyIds, failure);
    }

    /// <summary>The version, its manifests rendered, or why there is none.</summary>
    public ValueTask<(PlayableVersion? Version, EdgeOutcome? Failure)> LoadVersionAsync(VersionKey key, CancellationToken cancellationToken) =>
        _versions.GetAsync(key, cancellationToken);

    /// <summary>In which of the two ways a version was asked for, as far as it is in memory.</summary>
    public ImmutableArray<SegmentAddressing> AddressingsOf(AssetId asset, int version) =>
        [.. Enum.GetValues<SegmentAddressing>().Where(addressing => _versions.TryGet(new VersionKey(asset, version, addressing)) is not null)];

    // Null where the whole is asked for, or where there is nothing to give.
    private static ManifestKey? PartOf(string target, in Admitted admitted, PlayableVersion version, out EdgeOutcome? failure)
    {
        failure = null;
        var url = Read(target);
        if (!url.IsListing || !ManifestQuery.TryParse(EdgeUrl.QueryOf(target), out var query) || (query.IsEmpty && admitted.MaxHeight == 0)) return null;
        failure = ManifestSelection.Select(query, admitted, version.Renditions, out var selection);
        return failure is not null || selection.IsEverythingOf(version.Renditions)
            ? null
            : new ManifestKey(VersionOf(url), version.IsGrowing, url.File, selection);
    }

    private async Task<(Representation? Value, EdgeOutcome? Failure)> RenderAsync(ManifestKey key)
    {
        var (version, failure) = await _versions.GetAsync(key.Version, CancellationToken.None);
        if (version is null) return (null, failure);
        if (version.IsGrowing != key.IsGrowing) return (null, EdgeOutcome.Overloaded);
        return version.Render(key.File, key.Selection) is { } manifest ? (manifest, null) : (null, EdgeOutcome.NotFound);
    }

    private static Representation? Fill(Representation? found, in EdgeUrl url) => found is ManifestTemplate template ? template.For(url.Token) : found;

    private static string PlaceOf(EdgeFile manifest, SegmentAddressing addressing) => (manifest, addressing) switch
    {
        (EdgeFile.MultivariantPlaylist, SegmentAddressing.Segments) => "segments/master.m3u8",
        (EdgeFile.MultivariantPlaylist, _) => "../master.m3u8",
        (_, SegmentAddressing.Segments) => "segments/manifest.mpd",
        _ => "../manifest.mpd",
    };

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
