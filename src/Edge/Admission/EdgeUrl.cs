using System.Buffers;
using System.Globalization;
using Movento.Contracts;
using Movento.Packager.Presentations;

namespace Movento.Edge.Admission;

/// <summary>
/// A URL of the edge, read strictly from the request target as it came: <c>/{token}/assets/{assetId}/v{n}/{file}</c>
/// (docs/formats/urls.md). No percent-decoding and no dot segments: what is not spelled exactly so names nothing.
/// </summary>
internal readonly ref struct EdgeUrl
{
    /// <summary>Characters of a rendition's id at most (docs/formats/storage-keys.md).</summary>
    public const int MaxRenditionLength = 32;

    // Nine digits always fit into 32 bits.
    private const int MaxDigits = 9;

    private const int KeyIdLength = 32;

    private const string IFrames = "iframes/";

    private static readonly SearchValues<char> RenditionCharacters = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789-");
    private static readonly SearchValues<char> Digits = SearchValues.Create("0123456789");
    private static readonly SearchValues<char> HexadecimalDigits = SearchValues.Create("0123456789abcdef");

    /// <summary>What stands where the token belongs; may be empty, and may be anything.</summary>
    public ReadOnlySpan<char> Token { get; private init; }

    /// <summary>The path after the token: <c>/assets/…</c>.</summary>
    public ReadOnlySpan<char> Path { get; private init; }

    public AssetId Asset { get; private init; }

    /// <summary>From 1.</summary>
    public int Version { get; private init; }

    public EdgeFile File { get; private init; }

    /// <summary>Whether it lies in <c>segments/</c>, where segments have URLs of their own.</summary>
    public SegmentAddressing Addressing { get; private init; }

    /// <summary>The id of the rendition, where <see cref="File"/> is of one.</summary>
    public ReadOnlySpan<char> Rendition { get; private init; }

    /// <summary>From 1, of the segment or of the thumbnails' file, where <see cref="File"/> is one of several.</summary>
    public int Number { get; private init; }

    /// <summary>KID, where <see cref="File"/> is a key.</summary>
    public UInt128 KeyId { get; private init; }

    /// <summary>Whether it is of a manifest that lists renditions, and so may be asked for some of them.</summary>
    public bool IsListing => File is EdgeFile.MultivariantPlaylist or EdgeFile.MediaPresentationDescription;

    /// <summary>The path of a request target: without the query, and without scheme and authority in absolute form (RFC 9112 §3.2.2).</summary>
    public static ReadOnlySpan<char> PathOf(ReadOnlySpan<char> target)
    {
        var query = target.IndexOf('?');
        if (query >= 0) target = target[..query];
        if (target.IsEmpty || target[0] == '/') return target;
        var authority = target.IndexOf("://");
        if (authority < 0) return default;
        target = target[(authority + 3)..];
        var path = target.IndexOf('/');
        return path < 0 ? "/" : target[path..];
    }

    /// <summary>What follows the first <c>?</c> of a request target; empty where there is none.</summary>
    public static ReadOnlySpan<char> QueryOf(ReadOnlySpan<char> target)
    {
        var query = target.IndexOf('?');
        return query < 0 ? default : target[(query + 1)..];
    }

    /// <summary>Reads <paramref name="path"/>; false where it cannot name anything of the edge.</summary>
    public static bool TryParse(ReadOnlySpan<char> path, out EdgeUrl url)
    {
        url = default;
        if (path.IsEmpty || path[0] != '/') return false;
        var whole = path;
        path = path[1..];

        // A URL without a token is one all the same: it is refused, not unknown.
        var token = path.StartsWith("assets/") ? default : TakePart(ref path);
        var afterToken = whole[(whole.Length - path.Length - 1)..];
        if (!TakePart(ref path).SequenceEqual("assets")) return false;
        if (!AssetId.TryParse(TakePart(ref path), out var asset)) return false;
        if (!TryParseVersion(TakePart(ref path), out var version)) return false;
        var addressing = path.StartsWith("segments/") ? SegmentAddressing.Segments : SegmentAddressing.ByteRanges;
        if (addressing == SegmentAddressing.Segments) TakePart(ref path);
        var number = 0;
        UInt128 keyId = 0;
        ReadOnlySpan<char> rendition = default;
        EdgeFile? file;
        if (path.Contains('/'))
        {
            var folder = TakePart(ref path);
            file = addressing == SegmentAddressing.Segments
                ? ParseSegment(path, out number)
                : ParseThumbnails(folder, path, out number) ?? ParseKey(folder, path, out keyId);
            if (addressing == SegmentAddressing.Segments) rendition = folder;
        }
        else
        {
            file = ParseManifest(path, out rendition) ?? (addressing == SegmentAddressing.ByteRanges ? ParseFile(path, out rendition) : null);
        }

        if (file is null || IsOfRendition(file.Value) && !IsRendition(rendition)) return false;
        url = new EdgeUrl
        {
            Token = token, Path = afterToken, Asset = asset, Version = version, Addressing = addressing, File = file.Value, Rendition = rendition, Number = number, KeyId = keyId,
        };
        return true;
    }

    private static ReadOnlySpan<char> TakePart(scoped ref ReadOnlySpan<char> path)
    {
        var slash = path.IndexOf('/');
        var part = slash < 0 ? path : path[..slash];
        path = slash < 0 ? default : path[(slash + 1)..];
        return part;
    }

    private static bool TryParseVersion(ReadOnlySpan<char> part, out int version)
    {
        version = 0;
        return part.Length >= 2 && part[0] == 'v' && TryParseNumber(part[1..], out version);
    }

    // From 1, without leading zeros.
    private static bool TryParseNumber(ReadOnlySpan<char> digits, out int number)
    {
        number = 0;
        return digits.Length is >= 1 and <= MaxDigits && digits[0] != '0' && !digits.ContainsAnyExcept(Digits)
            && int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out number);
    }

    // What both addressings have, each its own.
    private static EdgeFile? ParseManifest(ReadOnlySpan<char> name, out ReadOnlySpan<char> rendition)
    {
        rendition = default;
        return name switch
        {
            "master.m3u8" => EdgeFile.MultivariantPlaylist,
            "manifest.mpd" => EdgeFile.MediaPresentationDescription,
            _ when TryTake(name, ".iframes.m3u8", ref rendition) => EdgeFile.IFramePlaylist,
            _ when TryTake(name, ".m3u8", ref rendition) => EdgeFile.MediaPlaylist,
            _ => null,
        };
    }

    private static EdgeFile? ParseFile(ReadOnlySpan<char> name, out ReadOnlySpan<char> rendition)
    {
        rendition = default;
        return name switch
        {
            "poster.jpg" => EdgeFile.Poster,
            "thumbnails.vtt" => EdgeFile.ThumbnailTrack,
            "chapters.json" => EdgeFile.Chapters,
            "license" => EdgeFile.License,
            "steering.json" => EdgeFile.Steering,
            "cmcd" => EdgeFile.ClientData,
            _ when TryTake(name, ".mp4", ref rendition) => EdgeFile.Rendition,
            _ when TryTake(name, ".segments.vtt", ref rendition) => EdgeFile.TextSegments,
            _ when TryTake(name, ".vtt", ref rendition) => EdgeFile.Subtitles,
            _ => null,
        };
    }

    private static EdgeFile? ParseSegment(ReadOnlySpan<char> name, out int number)
    {
        number = 0;
        ReadOnlySpan<char> digits = default;
        return name switch
        {
            "init.mp4" => EdgeFile.Initialization,
            _ when TryTake(name, ".m4s", ref digits) && TryParseNumber(digits, out number) => EdgeFile.Segment,
            _ when name.StartsWith(IFrames) && TryTake(name[IFrames.Length..], ".m4s", ref digits) && TryParseNumber(digits, out number) => EdgeFile.IFrame,
            _ when TryTake(name, ".vtt", ref digits) && TryParseNumber(digits, out number) => EdgeFile.TextSegment,
            _ => null,
        };
    }

    private static EdgeFile? ParseThumbnails(ReadOnlySpan<char> folder, ReadOnlySpan<char> name, out int number)
    {
        number = 0;
        ReadOnlySpan<char> digits = default;
        return folder is "thumbnails" && TryTake(name, ".jpg", ref digits) && TryParseNumber(digits, out number) ? EdgeFile.Thumbnails : null;
    }

    private static EdgeFile? ParseKey(ReadOnlySpan<char> folder, ReadOnlySpan<char> name, out UInt128 keyId)
    {
        keyId = 0;
        return folder is "keys" && name.Length == KeyIdLength && !name.ContainsAnyExcept(HexadecimalDigits)
            && UInt128.TryParse(name, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out keyId) ? EdgeFile.Key : null;
    }

    private static bool TryTake(ReadOnlySpan<char> name, ReadOnlySpan<char> extension, ref ReadOnlySpan<char> stem)
    {
        if (name.Length <= extension.Length || !name.EndsWith(extension)) return false;
        stem = name[..^extension.Length];
        return true;
    }

    private static bool IsOfRendition(EdgeFile file) => file is not (EdgeFile.MultivariantPlaylist or EdgeFile.MediaPresentationDescription
        or EdgeFile.ThumbnailTrack or EdgeFile.Chapters or EdgeFile.Thumbnails or EdgeFile.Poster or EdgeFile.Key or EdgeFile.License
        or EdgeFile.Steering or EdgeFile.ClientData);

    private static bool IsRendition(ReadOnlySpan<char> id) => id.Length is >= 1 and <= MaxRenditionLength && !id.ContainsAnyExcept(RenditionCharacters);
}
