using System.Globalization;

namespace Movento.Contracts;

/// <summary>
/// The only place that composes the keys of the object store (docs/formats/storage-keys.md).
/// A key is made of lower-case ASCII letters, digits, '-', '.' and '/', and never of a user's words.
/// </summary>
public static class StorageKey
{
    /// <summary>A model of the recommendations.</summary>
    public static string RecommendationModel(Guid id) => $"recommendations/models/{id:N}";

    /// <summary>The bytes of a finished upload while they wait for their probe (quarantine).</summary>
    public static string Upload(AssetId asset) => $"uploads/{asset}";

    /// <summary>The bytes of a finished part of a concatenation (tus 1.0.0, "Concatenation"), until its whole is joined.</summary>
    public static string UploadPart(AssetId part) => $"parts/{part}";

    /// <summary>Bytes at the end of an unfinished upload that are too few for a part of a multipart put; <paramref name="number"/> from 1.</summary>
    /// <param name="key">The key that the upload will have.</param>
    public static string UploadTail(string key, int number) => string.Create(CultureInfo.InvariantCulture, $"{UploadTailPrefix(key)}{number}");

    /// <summary>Every <see cref="UploadTail"/> of an upload; ends with '/'.</summary>
    public static string UploadTailPrefix(string key) => $"tails/{key}/";

    /// <summary>The source as it was uploaded, kept for re-encodes.</summary>
    public static string Source(AssetId asset) => $"assets/{asset}/source";

    /// <summary>A file that an attempt at a task of the encode made, or a part of it.</summary>
    public static string Work(AssetId asset, int version, string task, int attempt, string file) =>
        string.Create(CultureInfo.InvariantCulture, $"{WorkPrefix(asset)}v{version}/{task}/{attempt}-{file}");

    /// <summary>Everything that belongs to an asset; ends with '/'.</summary>
    public static string AssetPrefix(AssetId asset) => $"assets/{asset}/";

    /// <summary>What workers make on the way to an asset's versions, below <c>v{n}/</c>; removed when they have ended; ends with '/'.</summary>
    public static string WorkPrefix(AssetId asset) => $"work/{asset}/";

    /// <summary>Every prefix below which an asset has objects by versions.</summary>
    public static IReadOnlyList<string> VersionedPrefixes(AssetId asset) => [AssetPrefix(asset), WorkPrefix(asset)];

    /// <summary>Everything that belongs to one version; ends with '/'.</summary>
    public static string VersionPrefix(AssetId asset, int version) => $"assets/{asset}/v{version}/";

    /// <summary>The version that a key of an asset belongs to: n of <c>…/{assetId}/v{n}/…</c>; null where it belongs to none.</summary>
    public static int? VersionOf(AssetId asset, string key)
    {
        ArgumentNullException.ThrowIfNull(key);
        var marker = $"/{asset}/v";
        var start = key.IndexOf(marker, StringComparison.Ordinal);
        if (start < 0) return null;
        start += marker.Length;
        var end = key.IndexOf('/', start);
        return end > start && int.TryParse(key.AsSpan(start, end - start), NumberStyles.None, CultureInfo.InvariantCulture, out var version) ? version : null;
    }

    /// <summary>Whether <paramref name="key"/> lies in a version of an asset: of which, and its name there.</summary>
    public static bool TryReadVersion(string key, out AssetId asset, out int version, out string name)
    {
        ArgumentNullException.ThrowIfNull(key);
        (asset, version, name) = (default, 0, "");
        const string folder = "assets/";
        const int afterAsset = 7 + AssetId.TextLength;
        if (!key.StartsWith(folder, StringComparison.Ordinal) || key.Length < afterAsset) return false;
        if (!AssetId.TryParse(key.AsSpan(folder.Length, AssetId.TextLength), out asset) || VersionOf(asset, key) is not { } number) return false;
        var prefix = VersionPrefix(asset, number);
        if (!key.StartsWith(prefix, StringComparison.Ordinal)) return false;
        (version, name) = (number, key[prefix.Length..]);
        return name.Length > 0;
    }

    /// <summary>The one CMAF file of a rendition.</summary>
    public static string Rendition(AssetId asset, int version, string renditionId) => $"{VersionPrefix(asset, version)}{RenditionName(renditionId)}";

    /// <summary>The name of <see cref="Rendition"/> within its version.</summary>
    public static string RenditionName(string renditionId) => $"{renditionId}.mp4";

    /// <summary>Subtitles as one WebVTT file.</summary>
    public static string Subtitles(AssetId asset, int version, string renditionId) => $"{VersionPrefix(asset, version)}{SubtitlesName(renditionId)}";

    /// <summary>The name of <see cref="Subtitles"/> within its version.</summary>
    public static string SubtitlesName(ReadOnlySpan<char> renditionId) => $"{renditionId}.vtt";

    /// <summary>Subtitles as one WebVTT text a segment, one after another.</summary>
    public static string TextSegments(AssetId asset, int version, string renditionId) => $"{VersionPrefix(asset, version)}{TextSegmentsName(renditionId)}";

    /// <summary>The name of <see cref="TextSegments"/> within its version.</summary>
    public static string TextSegmentsName(string renditionId) => $"{renditionId}.segments.vtt";

    /// <summary>Thumbnails, several a file; <paramref name="number"/> from 1.</summary>
    public static string Thumbnails(AssetId asset, int version, int number) => $"{VersionPrefix(asset, version)}{ThumbnailsName(number)}";

    /// <summary>The name of <see cref="Thumbnails"/> within its version.</summary>
    public static string ThumbnailsName(int number) => string.Create(CultureInfo.InvariantCulture, $"thumbnails/{number}.jpg");

    /// <summary>The text of subtitles that were uploaded as a file: of the asset, not of a version.</summary>
    public static string Sidecar(AssetId asset, Guid sidecar) => $"assets/{asset}/sidecars/{sidecar:n}";

    /// <summary>The presentation: written last, so that its presence means that the version is whole.</summary>
    public static string Presentation(AssetId asset, int version) => $"{VersionPrefix(asset, version)}presentation.json";

    /// <summary>The presentation while it grows: it never names what is not there, and counts for nothing once <see cref="Presentation"/> is there.</summary>
    public static string Growing(AssetId asset, int version) => $"{VersionPrefix(asset, version)}growing.json";

    /// <summary>The header and the segments that were given out while the version grew; ends with '/'.</summary>
    public static string GrowingPrefix(AssetId asset, int version) => $"{VersionPrefix(asset, version)}growing/";

    /// <summary>The CMAF header of a rendition that grows.</summary>
    public static string GrowingHeader(AssetId asset, int version, string renditionId) => $"{GrowingPrefix(asset, version)}{renditionId}/init.mp4";

    /// <summary>A segment of a rendition that grows; <paramref name="number"/> from 1.</summary>
    public static string GrowingSegment(AssetId asset, int version, string renditionId, int number) =>
        string.Create(CultureInfo.InvariantCulture, $"{GrowingPrefix(asset, version)}{renditionId}/{number}.m4s");

    /// <summary>The poster, a JPEG.</summary>
    public static string Poster(AssetId asset, int version) => $"{VersionPrefix(asset, version)}{PosterName}";

    /// <summary>The name of <see cref="Poster"/> within its version.</summary>
    public const string PosterName = "poster.jpg";

    /// <summary>A picture of the film where <see cref="Poster"/> is the team's own: the poster again once that is taken back.</summary>
    public const string FilmPosterName = "poster-film.jpg";

    /// <summary>The poster that a team uploaded, as it came: of the asset, not of a version.</summary>
    public static string TeamPoster(AssetId asset, Guid poster) => $"assets/{asset}/posters/{poster:n}";

    /// <summary>What was done to make the version: input hash, tool versions, arguments, output hashes.</summary>
    public static string Receipt(AssetId asset, int version) => $"{VersionPrefix(asset, version)}receipt.json";

    /// <summary>Where no object ever is: asking for it proves that the store answers.</summary>
    public const string ReadinessProbe = "health/ready";
}
