using System.Collections.Immutable;

namespace Movento.Packager.Presentations;

/// <summary>How the bytes of a rendition are encrypted.</summary>
public enum EncryptionScheme
{
    /// <summary>HLS METHOD=AES-128: whole segments, AES-128-CBC with PKCS#7 padding (RFC 8216bis §4.4.4.4). No DASH.</summary>
    Aes128,

    /// <summary>The <c>cbcs</c> scheme: AES-128-CBC in a pattern of subsamples (ISO/IEC 23001-7 §10.4).</summary>
    Cbcs,

    /// <summary>The <c>cenc</c> scheme: AES-128-CTR of subsamples (ISO/IEC 23001-7 §10.1).</summary>
    Cenc,
}

/// <summary>What stands in the clear about a rendition's encryption; never a key.</summary>
public sealed record Encryption
{
    /// <summary>Key periods at most: a key a minute for ten hours.</summary>
    public const int MaxPeriods = 600;

    /// <summary>System headers at most: one for each of the systems that there are.</summary>
    public const int MaxSystemHeaders = 16;

    /// <summary>Bytes of a system header at most; the common one of <see cref="MaxPeriods"/> keys has a sixth of it.</summary>
    public const int MaxSystemHeaderSize = 64 << 10;

    /// <summary>How.</summary>
    public required EncryptionScheme Scheme { get; init; }

    /// <summary>The keys in the order of their use, the first from segment 0; at least one.</summary>
    public required ImmutableArray<KeyPeriod> Periods { get; init; }

    /// <summary>Whole pssh boxes (ISO/IEC 23001-7 §8.1) that name every key: ClearKey's own, and those that the caller handed in. None for AES-128.</summary>
    public ImmutableArray<ImmutableArray<byte>> SystemHeaders { get; init; } = [];

    /// <summary>The key period of a segment.</summary>
    public KeyPeriod PeriodOf(int segment)
    {
        var period = Periods[0];
        foreach (var candidate in Periods)
        {
            if (candidate.FirstSegment > segment)
                break;
            period = candidate;
        }

        return period;
    }
}

/// <summary>Which key the segments from one on are encrypted with.</summary>
/// <param name="FirstSegment">The index of the first one, from 0.</param>
/// <param name="KeyId">KID: 16 bytes as a number in their order.</param>
/// <param name="InitializationVector">16 bytes as a number: of AES-128 and the constant one of cbcs; 0 for cenc, whose samples have one each.</param>
public readonly record struct KeyPeriod(int FirstSegment, UInt128 KeyId, UInt128 InitializationVector);
