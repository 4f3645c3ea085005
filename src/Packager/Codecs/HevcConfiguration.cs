using System.Buffers.Binary;
using System.Text;
using Movento.Packager.IsoBmff;

namespace Movento.Packager.Codecs;

/// <summary>HEVC Configuration Box (hvcC), in hvc1 and hev1; ISO/IEC 14496-15 §8.3.3.1.</summary>
/// <param name="ProfileSpace">general_profile_space, 0 to 3.</param>
/// <param name="IsHighTier">general_tier_flag.</param>
/// <param name="Profile">general_profile_idc.</param>
/// <param name="Compatibility">general_profile_compatibility_flags, the first one in the highest bit.</param>
/// <param name="Constraints">general_constraint_indicator_flags, 48 bits.</param>
/// <param name="Level">general_level_idc: 30 times the level.</param>
/// <param name="Sequence">The first sequence parameter set; null where the sets are in the samples.</param>
public readonly record struct HevcConfiguration(
    byte ProfileSpace, bool IsHighTier, byte Profile, uint Compatibility, ulong Constraints, byte Level, HevcSequenceParameterSet? Sequence)
{
    /// <summary>Bytes of the length before each NAL unit: lengthSizeMinusOne and one.</summary>
    public int NalLengthSize { get; init; }

    /// <summary>Reads the body.</summary>
    public static HevcConfiguration Read(scoped ref BoxReader box)
    {
        // Some writers wrote 0 before the standard was final; nothing else changed.
        if (box.ReadUInt8() > 1)
            throw box.Error(MediaFormatError.Unsupported, "The HEVC configuration's version is not 1.");
        var profile = box.ReadUInt8();
        var compatibility = box.ReadUInt32();
        var constraints = (ulong)box.ReadUInt16() << 32 | box.ReadUInt32();
        var level = box.ReadUInt8();
        box.Skip(2 + 1 + 1 + 1 + 1 + 2); // segmentation, parallelism, chroma format, two bit depths, frame rate
        var lengthSize = (box.ReadUInt8() & 3) + 1;
        HevcSequenceParameterSet? sequence = null;
        for (var arrays = box.ReadUInt8(); arrays > 0; arrays--)
        {
            var type = box.ReadUInt8() & 0x3f;
            for (var units = box.ReadUInt16(); units > 0; units--)
            {
                var unit = box.ReadBytes(box.ReadUInt16());
                if (type == HevcSequenceParameterSet.NalUnitType && sequence is null)
                    sequence = HevcSequenceParameterSet.TryRead(unit) ?? throw box.Error(MediaFormatError.Invalid, "The sequence parameter set cannot be read.");
            }
        }

        return new HevcConfiguration((byte)(profile >> 6), (profile & 0x20) != 0, (byte)(profile & 0x1f), compatibility, constraints, level, sequence)
        {
            NalLengthSize = lengthSize,
        };
    }

    /// <summary>The codec string, ISO/IEC 14496-15 §E.3.</summary>
    /// <param name="sampleEntry"><c>hvc1</c> or <c>hev1</c>.</param>
    public string CodecString(FourCC sampleEntry)
    {
        var text = new StringBuilder(32);
        text.Append(sampleEntry.ToString()).Append('.');
        if (ProfileSpace > 0)
            text.Append((char)('A' + ProfileSpace - 1));
        text.Append(Profile).Append('.').Append($"{Reverse(Compatibility):x}").Append('.').Append(IsHighTier ? 'H' : 'L').Append(Level);
        Span<byte> flags = stackalloc byte[8];
        BinaryPrimitives.WriteUInt64BigEndian(flags, Constraints << 16);
        foreach (var value in flags.TrimEnd((byte)0))
            text.Append($".{value:X}");
        return text.ToString();
    }

    private static uint Reverse(uint flags)
    {
        var reversed = 0u;
        for (var bit = 0; bit < 32; bit++)
            reversed |= (flags >> bit & 1) << (31 - bit);
        return reversed;
    }
}
