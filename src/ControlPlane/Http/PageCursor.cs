using System.Buffers.Binary;
using System.Buffers.Text;

namespace Movento.ControlPlane.Http;

/// <summary>
/// Where a page of a list ended: the key of its last row. Opaque to callers: base64url of 8 bytes of what the list is ordered by (big-endian) and the 16 bytes
/// of the id that decides among equals. The list goes on behind it however many rows appear or vanish before it.
/// </summary>
/// <param name="Order">What the list is ordered by, as a number.</param>
/// <param name="Id">Of the row.</param>
internal readonly record struct PageCursor(long Order, Guid Id)
{
    private const int Length = 8 + 16;

    public override string ToString()
    {
        Span<byte> bytes = stackalloc byte[Length];
        BinaryPrimitives.WriteInt64BigEndian(bytes, Order);
        Id.TryWriteBytes(bytes[8..], bigEndian: true, out _);
        return Base64Url.EncodeToString(bytes);
    }

    public static bool TryParse(string text, out PageCursor cursor)
    {
        cursor = default;
        if (text.Length != Base64Url.GetEncodedLength(Length) || !Base64Url.IsValid(text)) return false;
        Span<byte> bytes = stackalloc byte[Length];
        Base64Url.DecodeFromChars(text, bytes);
        cursor = new PageCursor(BinaryPrimitives.ReadInt64BigEndian(bytes), new Guid(bytes[8..], bigEndian: true));
        return true;
    }
}
