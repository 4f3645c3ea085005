namespace Movento.Packager.Protection.Subsamples.Hevc;

/// <summary>scaling_list_data() of HEVC (ISO/IEC 23008-2 §7.3.4), stepped over.</summary>
internal static class HevcScalingLists
{
    public static void Skip(ref RbspReader bits)
    {
        for (var size = 0; size < 4; size++)
        {
            for (var matrix = 0; matrix < 6; matrix += size == 3 ? 3 : 1)
            {
                if (!bits.ReadFlag()) // scaling_list_pred_mode_flag
                {
                    bits.ReadUnsignedExpGolomb();
                    continue;
                }

                if (size > 1)
                    bits.ReadSignedExpGolomb(); // scaling_list_dc_coef_minus8
                for (var coefficient = Math.Min(64, 1 << (4 + 2 * size)); coefficient > 0 && !bits.IsPastEnd; coefficient--)
                    bits.ReadSignedExpGolomb();
            }
        }
    }
}
