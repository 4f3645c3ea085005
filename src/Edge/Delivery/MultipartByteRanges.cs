using System.Security.Cryptography;
using System.Text;
using Movento.Packager.Presentations;

namespace Movento.Edge.Delivery;

/// <summary>The body of a 206 with several ranges (RFC 9110 §14.6): what stands before each part, and after the last.</summary>
internal sealed class MultipartByteRanges
{
    // 128 random bits for each process: no film holds it, and nobody could have made one that does.
    private static readonly string Boundary = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));

    private static readonly byte[] End = Encoding.ASCII.GetBytes($"\r\n--{Boundary}--\r\n");

    private readonly byte[][] _heads;

    /// <param name="representation">Whose ranges.</param>
    /// <param name="ranges">Two or more, in the order to send them.</param>
    public MultipartByteRanges(Representation representation, ByteRange[] ranges)
    {
        Ranges = ranges;
        _heads = [.. ranges.Select((range, index) => Encoding.ASCII.GetBytes(
            $"{(index == 0 ? "" : "\r\n")}--{Boundary}\r\n"
            + $"Content-Type: {representation.ContentType}\r\n"
            + $"Content-Range: {ContentRange(range, representation.Length)}\r\n\r\n"))];
        Length = _heads.Sum(head => head.Length) + ranges.Sum(range => range.Size) + End.Length;
    }

    /// <summary>The media type of every such body.</summary>
    public static string ContentType { get; } = $"multipart/byteranges; boundary={Boundary}";

    public ByteRange[] Ranges { get; }

    /// <summary>Bytes of the whole body.</summary>
    public long Length { get; }

    /// <summary>What stands before the part with this index; after the last part, the end of the body.</summary>
    public ReadOnlySpan<byte> Before(int index) => index < _heads.Length ? _heads[index] : End;

    /// <summary>The Content-Range of some bytes of <paramref name="length"/> (§14.4).</summary>
    public static string ContentRange(ByteRange range, long length) => $"bytes {range.Offset}-{range.Offset + range.Size - 1}/{length}";
}
