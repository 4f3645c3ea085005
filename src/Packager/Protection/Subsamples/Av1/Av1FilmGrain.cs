using Movento.Packager.Codecs;

namespace Movento.Packager.Protection.Subsamples.Av1;

/// <summary>film_grain_params() (AV1 specification §5.9.30), stepped over.</summary>
internal static class Av1FilmGrain
{
    public static void Skip(ref BitReader bits, Av1SequenceFields sequence, bool isInter)
    {
        if (!bits.ReadFlag()) // apply_grain
            return;
        bits.Skip(16); // grain_seed
        if (isInter && !bits.ReadFlag()) // update_grain
        {
            bits.Skip(3); // film_grain_params_ref_idx
            return;
        }

        var luma = ReadPoints(ref bits);
        var isFromLuma = !sequence.IsMonochrome && bits.ReadFlag(); // chroma_scaling_from_luma
        var (blue, red) = (0, 0);
        if (!sequence.IsMonochrome && !isFromLuma && !(sequence.IsSubsampledAcross && sequence.IsSubsampledDown && luma == 0))
        {
            blue = ReadPoints(ref bits);
            red = ReadPoints(ref bits);
        }

        bits.Skip(2); // grain_scaling_minus_8
        var lag = (int)bits.ReadBits(2); // ar_coeff_lag
        var lumaCoefficients = 2 * lag * (lag + 1);
        var chromaCoefficients = lumaCoefficients + (luma > 0 ? 1 : 0);
        if (luma > 0)
            bits.Skip(8 * lumaCoefficients);
        if (isFromLuma || blue > 0)
            bits.Skip(8 * chromaCoefficients);
        if (isFromLuma || red > 0)
            bits.Skip(8 * chromaCoefficients);
        bits.Skip(2 + 2); // ar_coeff_shift_minus_6, grain_scale_shift
        if (blue > 0)
            bits.Skip(8 + 8 + 9); // cb_mult, cb_luma_mult, cb_offset
        if (red > 0)
            bits.Skip(8 + 8 + 9);
        bits.Skip(1 + 1); // overlap_flag, clip_to_restricted_range
    }

    private static int ReadPoints(ref BitReader bits)
    {
        var count = (int)bits.ReadBits(4);
        bits.Skip(count * (8 + 8)); // value, scaling
        return count;
    }
}
