using System.Buffers.Binary;
using System.Buffers.Text;

namespace Movento.ControlPlane.Quality;

/// <summary>Where a page ended: the key of its last row. Opaque to callers: base64url of 4 bytes of the day's number (big-endian) and the 16 bytes of the id.</summary>
internal readonly record struct FilmDayCursor(DateOnly Day, Guid AssetId)
{
    private const int Length = 4 + 16;

    public override string ToString()
    {
        Span<byte> bytes = stackalloc byte[Length];
        BinaryPrimitives.WriteInt32BigEndian(bytes, Day.DayNumber);
        AssetId.TryWriteBytes(bytes[4..], bigEndian: true, out _);
        return Base64Url.EncodeToString(bytes);
    }

    public static bool TryParse(string text, out FilmDayCursor cursor)
    {
        cursor = default;
        if (text.Length != Base64Url.GetEncodedLength(Length) || !Base64Url.IsValid(text)) return false;
        Span<byte> bytes = stackalloc byte[Length];
        Base64Url.DecodeFromChars(text, bytes);
        var day = BinaryPrimitives.ReadInt32BigEndian(bytes);
        if (day < 0 || day > DateOnly.MaxValue.DayNumber) return false;
        cursor = new FilmDayCursor(DateOnly.FromDayNumber(day), new Guid(bytes[4..], bigEndian: true));
        return true;
    }
}
