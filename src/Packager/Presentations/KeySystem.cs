using System.Buffers.Binary;

namespace Movento.Packager.Presentations;

/// <summary>The system ids of pssh boxes that manifests write in ways of their own; 16 bytes as a number in their order.</summary>
internal static class KeySystem
{
    /// <summary>The common one, which ClearKey reads: W3C, "cenc" Initialization Data Format §4.</summary>
    public static readonly UInt128 Common = new(0x1077efecc0b24d02, 0xace33c1e52e2fb4b);

    /// <summary>ClearKey in an MPD: DASH-IF's urn:uuid:e2719d58-a985-b3c9-781a-b030af78d30e.</summary>
    public static readonly UInt128 ClearKeyOfDash = new(0xe2719d58a985b3c9, 0x781ab030af78d30e);

    /// <summary>Microsoft PlayReady.</summary>
    public static readonly UInt128 PlayReady = new(0x9a04f07998404286, 0xab92e65be0885f95);

    // After the box's size, type, version and flags: ISO/IEC 23001-7 §8.1.
    private const int SystemOffset = 12;

    /// <summary>The system of a whole pssh box; 0 where it is too short to have one.</summary>
    public static UInt128 Of(ReadOnlySpan<byte> header) =>
        header.Length >= SystemOffset + 16 ? BinaryPrimitives.ReadUInt128BigEndian(header[SystemOffset..]) : 0;
}
