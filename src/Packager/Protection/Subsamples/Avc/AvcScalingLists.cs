namespace Movento.Packager.Protection.Subsamples.Avc;

/// <summary>scaling_list() of H.264 (ISO/IEC 14496-10 §7.3.2.1.1.1), stepped over.</summary>
internal static class AvcScalingLists
{
    public static void Skip(ref RbspReader bits, int lists)
    {
        for (var list = 0; list < lists; list++)
        {
            if (!bits.ReadFlag())
                continue;
            var (last, next) = (8, 8);
            for (var index = 0; index < (list < 6 ? 16 : 64) && next != 0 && !bits.IsPastEnd; index++)
            {
                next = last + bits.ReadSignedExpGolomb() & 255;
                last = next == 0 ? last : next;
            }
        }
    }
}
