using System.Collections.Immutable;
using Movento.Packager.Codecs;

namespace Movento.Packager.Protection.Subsamples.Av1;

/// <summary>
/// global_motion_params() (AV1 specification §5.9.24 and 5.9.25). Its numbers are written as differences from the primary reference
/// frame's, in as many bits as those say: so they have to be known.
/// </summary>
internal static class Av1GlobalMotion
{
    private const int References = 7;
    private const int Parameters = 6;
    private const int ModelBits = 16; // WARPEDMODEL_PREC_BITS

    /// <summary>No motion: 1 on the diagonal.</summary>
    public static readonly ImmutableArray<int> Identity = [.. Enumerable.Range(0, References * Parameters).Select(index => Default(index % Parameters))];

    private enum Motion
    {
        Identity,
        Translation,
        RotationAndZoom,
        Affine,
    }

    /// <summary>Reads the parameters of a frame that has references.</summary>
    public static ImmutableArray<int> Read(ref BitReader bits, ImmutableArray<int> previous, bool isPrecise)
    {
        var all = Identity.ToArray();
        for (var reference = 0; reference < References; reference++)
        {
            var type = !bits.ReadFlag() ? Motion.Identity
                : bits.ReadFlag() ? Motion.RotationAndZoom
                : bits.ReadFlag() ? Motion.Translation : Motion.Affine;
            var now = all.AsSpan(reference * Parameters, Parameters);
            var before = previous.AsSpan(reference * Parameters, Parameters);
            if (type >= Motion.RotationAndZoom)
            {
                now[2] = ReadParameter(ref bits, type, 2, before[2], isPrecise);
                now[3] = ReadParameter(ref bits, type, 3, before[3], isPrecise);
                (now[4], now[5]) = (-now[3], now[2]);
                if (type == Motion.Affine)
                {
                    now[4] = ReadParameter(ref bits, type, 4, before[4], isPrecise);
                    now[5] = ReadParameter(ref bits, type, 5, before[5], isPrecise);
                }
            }

            if (type >= Motion.Translation)
            {
                now[0] = ReadParameter(ref bits, type, 0, before[0], isPrecise);
                now[1] = ReadParameter(ref bits, type, 1, before[1], isPrecise);
            }
        }

        return ImmutableArray.Create(all);
    }

    private static int Default(int index) => index % 3 == 2 ? 1 << ModelBits : 0;

    private static int ReadParameter(ref BitReader bits, Motion type, int index, int previous, bool isPrecise)
    {
        var (absolute, precision) = (12, 15); // GM_ABS_ALPHA_BITS, GM_ALPHA_PREC_BITS
        if (index < 2)
        {
            var coarse = isPrecise ? 0 : 1;
            (absolute, precision) = type == Motion.Translation ? (9 - coarse, 3 - coarse) : (12, 6); // GM_ABS_TRANS…, GM_TRANS…
        }

        var shift = ModelBits - precision;
        var one = Default(index);
        var limit = 1 << absolute;
        var reference = (previous >> shift) - (one == 0 ? 0 : 1 << precision);
        return (ReadNear(ref bits, 2 * limit + 1, reference + limit) - limit << shift) + one;
    }

    // decode_unsigned_subexp_with_ref
    private static int ReadNear(ref BitReader bits, int count, int reference)
    {
        var value = ReadSubexponential(ref bits, count);
        return reference << 1 <= count ? Recenter(reference, value) : count - 1 - Recenter(count - 1 - reference, value);
    }

    private static int ReadSubexponential(ref BitReader bits, int count)
    {
        const int K = 3;
        for (int step = 0, low = 0; ; step++)
        {
            var width = step > 0 ? K + step - 1 : K;
            var range = 1 << width;
            if (count <= low + 3 * range)
                return Av1Numbers.ReadBelow(ref bits, count - low) + low;
            if (!bits.ReadFlag()) // subexp_more_bits
                return (int)bits.ReadBits(width) + low;
            low += range;
        }
    }

    private static int Recenter(int reference, int value) =>
        value > 2 * reference ? value : (value & 1) != 0 ? reference - ((value + 1) >> 1) : reference + (value >> 1);
}
