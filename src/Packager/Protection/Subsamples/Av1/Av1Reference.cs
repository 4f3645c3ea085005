using System.Collections.Immutable;

namespace Movento.Packager.Protection.Subsamples.Av1;

/// <summary>What a later frame header may need of a frame that is kept for reference (AV1 specification §7.20).</summary>
internal sealed record Av1Reference
{
    /// <summary>A frame of which nothing is known.</summary>
    public static readonly Av1Reference None = new();

    public uint FrameType { get; init; }

    public int OrderHint { get; init; }

    /// <summary>Before super-resolution scaled it down.</summary>
    public int UpscaledWidth { get; init; }

    public int Height { get; init; }

    /// <summary>Of each of the seven references, six parameters (gm_params).</summary>
    public ImmutableArray<int> GlobalMotion { get; init; } = Av1GlobalMotion.Identity;

    /// <summary>Of each segment, by how much its quantizer differs from the frame's; null where it does not say.</summary>
    public ImmutableArray<int?> QuantizerDeltas { get; init; } = Av1Segmentation.None;
}
