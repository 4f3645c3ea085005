using System.Buffers.Binary;
using System.Buffers.Text;

namespace Movento.ControlPlane.Catalogue;

/// <summary>
/// Where a page of the list ended: the key of its last film. Opaque to callers: base64url of 8 bytes of ticks (UTC, big-endian) and
/// the 16 bytes of the id. The list goes on behind it however many films appear or vanish before it.
/// </summary>
internal readonly record struct MovieCursor(DateTime PublishedAt, Guid Id)
{
    private const int Length = 8 + 16;

    public override string ToString()
    {
        Span<byte> bytes = stackalloc byte[Length];
        BinaryPrimitives.WriteInt64BigEndian(bytes, PublishedAt.Ticks);
        Id.TryWriteBytes(bytes[8..], bigEndian: true, out _);
        return Base64Url.EncodeToString(bytes);
    }

    public static bool TryParse(string text, out MovieCursor cursor)
    {
        cursor = default;
        if (text.Length != Base64Url.GetEncodedLength(Length) || !Base64Url.IsValid(text)) return false;
        Span<byte> bytes = stackalloc byte[Length];
        Base64Url.DecodeFromChars(text, bytes);
        var ticks = BinaryPrimitives.ReadInt64BigEndian(bytes);
        if (ticks < DateTime.UnixEpoch.Ticks || ticks > DateTime.MaxValue.Ticks) return false;
        cursor = new MovieCursor(new DateTime(ticks, DateTimeKind.Utc), new Guid(bytes[8..], bigEndian: true));
        return true;
    }
}
