using System.Buffers;
using System.Globalization;
using Movento.Contracts;

namespace Movento.Edge.Admission;

/// <summary>Which file of a version a URL names.</summary>
internal enum EdgeFile
{
    MultivariantPlaylist,
    MediaPresentationDescription,
    MediaPlaylist,
    Rendition,
    Poster,
}

/// <summary>
/// A URL of the edge, read strictly from the request target as it came: <c>/{token}/assets/{assetId}/v{n}/{file}</c>
/// (docs/formats/playback-token.md). No percent-decoding and no dot segments: what is not spelled exactly so names nothing.
/// </summary>
internal readonly ref struct EdgeUrl
{
    /// <summary>Characters of a rendition's id at most (docs/formats/storage-keys.md).</summary>
    public const int MaxRenditionLength = 32;

    // Nine digits always fit into 32 bits.
    private const int MaxVersionDigits = 9;

    private static readonly SearchValues<char> RenditionCharacters = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789-");
    private static readonly SearchValues<char> Digits = SearchValues.Create("0123456789");

    /// <summary>What stands where the token belongs; may be empty, and may be anything.</summary>
    public ReadOnlySpan<char> Token { get; private init; }

    public AssetId Asset { get; private init; }

    /// <summary>From 1.</summary>
    public int Version { get; private init; }

    public EdgeFile File { get; private init; }

    /// <summary>The id of the rendition, where <see cref="File"/> is of one.</summary>
    public ReadOnlySpan<char> Rendition { get; private init; }

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

    /// <summary>Reads <paramref name="path"/>; false where it cannot name anything of the edge.</summary>
    public static bool TryParse(ReadOnlySpan<char> path, out EdgeUrl url)
    {
        url = default;
        if (path.IsEmpty || path[0] != '/') return false;
        path = path[1..];

        // A URL without a token is one all the same: it is refused, not unknown.
        var token = path.StartsWith("assets/") ? default : TakePart(ref path);
        if (!TakePart(ref path).SequenceEqual("assets")) return false;
        if (!AssetId.TryParse(TakePart(ref path), out var asset)) return false;
        if (!TryParseVersion(TakePart(ref path), out var version)) return false;
        if (!TryParseFile(path, out var file, out var rendition)) return false;
        url = new EdgeUrl { Token = token, Asset = asset, Version = version, File = file, Rendition = rendition };
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
        return part.Length is >= 2 and <= 1 + MaxVersionDigits && part[0] == 'v' && part[1] != '0'
            && !part[1..].ContainsAnyExcept(Digits)
            && int.TryParse(part[1..], NumberStyles.None, CultureInfo.InvariantCulture, out version);
    }

    private static bool TryParseFile(ReadOnlySpan<char> name, out EdgeFile file, out ReadOnlySpan<char> rendition)
    {
        rendition = default;
        file = default;
        switch (name)
        {
            case "master.m3u8":
                file = EdgeFile.MultivariantPlaylist;
                return true;
            case "manifest.mpd":
                file = EdgeFile.MediaPresentationDescription;
                return true;
            case "poster.jpg":
                file = EdgeFile.Poster;
                return true;
        }

        if (name.EndsWith(".m3u8"))
        {
            file = EdgeFile.MediaPlaylist;
            rendition = name[..^".m3u8".Length];
        }
        else if (name.EndsWith(".mp4"))
        {
            file = EdgeFile.Rendition;
            rendition = name[..^".mp4".Length];
        }

        return rendition.Length is >= 1 and <= MaxRenditionLength && !rendition.ContainsAnyExcept(RenditionCharacters);
    }
}
