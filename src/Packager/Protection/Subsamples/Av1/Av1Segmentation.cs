using System.Collections.Immutable;
using Movento.Packager.Codecs;

namespace Movento.Packager.Protection.Subsamples.Av1;

/// <summary>segmentation_params() (AV1 specification §5.9.14): read for the segments' quantizers, on which it depends whether the frame is lossless.</summary>
internal static class Av1Segmentation
{
    private const int Segments = 8;

    /// <summary>No segment has a quantizer of its own.</summary>
    public static readonly ImmutableArray<int?> None = ImmutableArray.Create(new int?[Segments]);

    // Segmentation_Feature_Bits and _Signed: the first feature is the quantizer's.
    private static ReadOnlySpan<byte> FeatureBits => [8, 6, 6, 6, 6, 3, 0, 0];

    private const int SignedFeatures = 5;

    /// <summary>Reads them.</summary>
    /// <param name="bits">Where they stand.</param>
    /// <param name="previous">Those of the primary reference frame; null where there is none.</param>
    public static ImmutableArray<int?> Read(ref BitReader bits, ImmutableArray<int?>? previous, out bool isEnabled)
    {
        isEnabled = bits.ReadFlag();
        if (!isEnabled)
            return None;
        if (previous is { } earlier)
        {
            if (bits.ReadFlag()) // segmentation_update_map
                bits.Skip(1); // segmentation_temporal_update
            if (!bits.ReadFlag()) // segmentation_update_data
                return earlier;
        }

        var deltas = new int?[Segments];
        for (var segment = 0; segment < Segments; segment++)
        {
            for (var feature = 0; feature < FeatureBits.Length; feature++)
            {
                if (!bits.ReadFlag()) // feature_enabled
                    continue;
                var value = feature < SignedFeatures ? Av1Numbers.ReadSigned(ref bits, FeatureBits[feature] + 1) : (int)bits.ReadBits(FeatureBits[feature]);
                if (feature == 0)
                    deltas[segment] = value;
            }
        }

        return ImmutableArray.Create(deltas);
    }
}
