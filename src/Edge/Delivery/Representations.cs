using System.Diagnostics;
using Movento.Edge.Admission;
using Movento.Edge.Cache;
using Movento.Edge.Origin;

namespace Movento.Edge.Delivery;

/// <summary>From a URL to what it stands for: in memory, or after asking the origin once.</summary>
internal sealed class Representations(EdgeOptions options, VersionLoader loader, TimeProvider time)
{
    private readonly DocumentCache<PublishedVersion> _versions = new(
        options.DocumentCacheBytes, options.MissingLifetime, time, loader.LoadPresentationAsync, version => version.Bytes);

    private readonly DocumentCache<Document> _posters = new(
        options.DocumentCacheBytes, options.MissingLifetime, time, loader.LoadPosterAsync, poster => poster.Length);

    /// <summary>What the URL stands for, if its version is in memory; else null, and <see cref="LoadAsync"/> knows more.</summary>
    public Representation? Find(in EdgeUrl url)
    {
        var (key, isPoster) = KeyOf(url);
        return isPoster ? _posters.TryGet(key) : _versions.TryGet(key)?.Find(url);
    }

    /// <summary>What <paramref name="target"/>, which <see cref="EdgeUrl"/> reads, stands for, or why there is nothing.</summary>
    public async ValueTask<(Representation? Representation, EdgeOutcome? Failure)> LoadAsync(string target, CancellationToken cancellationToken)
    {
        var (key, isPoster) = KeyOf(Read(target));
        if (isPoster) return await _posters.GetAsync(key, cancellationToken);
        var (version, failure) = await _versions.GetAsync(key, cancellationToken);
        if (version is null) return (null, failure);
        return version.Find(Read(target)) is { } found ? (found, null) : (null, EdgeOutcome.NotFound);
    }

    private static (VersionKey Key, bool IsPoster) KeyOf(in EdgeUrl url) =>
        (new VersionKey(url.Asset, url.Version), url.File == EdgeFile.Poster);

    private static EdgeUrl Read(string target) =>
        EdgeUrl.TryParse(EdgeUrl.PathOf(target), out var url) ? url : throw new UnreachableException();
}
