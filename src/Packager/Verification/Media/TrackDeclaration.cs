namespace Movento.Packager.Verification.Media;

/// <summary>Some bytes of a file as a manifest names them; to the file's end where <paramref name="Size"/> is null.</summary>
internal readonly record struct ResourceRange(string Address, long Offset, long? Size);

/// <summary>What a manifest says a track is made of.</summary>
internal enum DeclaredKind
{
    /// <summary>Fragmented MP4, of pictures, sound or text.</summary>
    Fragments,

    /// <summary>Byte ranges of I-frames.</summary>
    IFrames,

    /// <summary>WebVTT files.</summary>
    WebVtt,

    /// <summary>JPEG files of tiles.</summary>
    Tiles,

    /// <summary>Something else, such as MPEG-TS or packed audio, which is not read inside.</summary>
    Other,
}

/// <summary>EXT-X-KEY or ContentProtection as it holds for a segment.</summary>
/// <param name="Method">As HLS names it: <c>AES-128</c>, <c>SAMPLE-AES</c>, <c>SAMPLE-AES-CTR</c>.</param>
/// <param name="Address">Of the key, as written.</param>
/// <param name="InitializationVector">IV, or null for the media sequence number.</param>
/// <param name="Line">Where it stands.</param>
internal sealed record KeyDeclaration(string Method, string Address, UInt128? InitializationVector, int Line);

/// <summary>One segment as a manifest names it.</summary>
/// <param name="Bytes">Where it lies.</param>
/// <param name="Start">When it begins, in seconds; counted from the first segment in HLS, from the period's start in DASH.</param>
/// <param name="Duration">In seconds.</param>
/// <param name="Line">In the manifest.</param>
internal sealed record SegmentDeclaration(ResourceRange Bytes, double Start, double Duration, int Line)
{
    public ResourceRange? Map { get; init; }

    public KeyDeclaration? Key { get; init; }

    public bool IsDiscontinuous { get; init; }

    public long SequenceNumber { get; init; }
}

/// <summary>One track as a manifest names it.</summary>
internal sealed class TrackDeclaration
{
    public required string Manifest { get; init; }

    public required string Name { get; init; }

    public int Line { get; init; }

    public DeclaredKind Kind { get; set; }

    public List<SegmentDeclaration> Segments { get; init; } = [];

    public FindingLocation Location => new(Manifest, Line);

    public FindingLocation At(SegmentDeclaration segment) => new(Manifest, segment.Line);
}
