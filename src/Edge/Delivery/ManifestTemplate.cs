using System.Text;
using Movento.Packager.Manifests;

namespace Movento.Edge.Delivery;

/// <summary>
/// A manifest with absolute URLs, which need the viewer's own token: rendered once with holes in its places, filled for each request. Only what content
/// steering names is absolute.
/// </summary>
internal sealed class ManifestTemplate : Representation
{
    /// <summary>Stands where the token belongs, with the slash before it. No token has a tilde, and neither XML nor a playlist would escape it.</summary>
    public const string Hole = "/~token~";

    private static readonly byte[] HoleBytes = Encoding.ASCII.GetBytes(Hole);

    private readonly Document _document;
    private readonly int[] _holes;

    private ManifestTemplate(Document document, int[] holes) => (_document, _holes) = (document, holes);

    /// <summary>Whether the same URL will soon stand for other bytes.</summary>
    public bool IsGrowing => _document.IsGrowing;

    public override long Length => _document.Length + _holes.Length * sizeof(int);

    /// <summary>The document itself where it has no holes, as it has none without content steering, whatever somebody's words in it look like.</summary>
    public static Representation Of(Document document, DeliveryHints hints)
    {
        if (hints.Steering is null) return document;
        var holes = new List<int>();
        for (var from = 0; document.Bytes.Span[from..].IndexOf(HoleBytes) is var at and >= 0; from += at + HoleBytes.Length) holes.Add(from + at);
        return holes.Count == 0
            ? document
            : new ManifestTemplate(document, [.. holes]) { ContentType = document.ContentType, ETag = document.ETag };
    }

    /// <summary>
    /// The document for one token. The entity tag is the template's: a validator tells versions of one URL apart, and the token is of the URL.
    /// </summary>
    public Document For(ReadOnlySpan<char> token)
    {
        var source = _document.Bytes.Span;
        var tokenBytes = token.IsEmpty ? 0 : token.Length + 1;
        var filled = new byte[source.Length + _holes.Length * (tokenBytes - HoleBytes.Length)];
        var (from, to) = (0, 0);
        foreach (var hole in _holes)
        {
            source[from..hole].CopyTo(filled.AsSpan(to));
            to += hole - from;
            from = hole + HoleBytes.Length;
            if (token.IsEmpty) continue;
            filled[to] = (byte)'/';
            Encoding.ASCII.GetBytes(token, filled.AsSpan(to + 1));
            to += tokenBytes;
        }

        source[from..].CopyTo(filled.AsSpan(to));
        return _document.With(filled);
    }
}
