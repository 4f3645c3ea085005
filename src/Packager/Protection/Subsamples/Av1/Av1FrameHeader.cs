using System.Collections.Immutable;
using Movento.Packager.Codecs;

namespace Movento.Packager.Protection.Subsamples.Av1;

/// <summary>
/// Reads frame headers (uncompressed_header, AV1 specification §5.9.2) for where they end and how many tiles follow. Where a field lies
/// depends on frames before, so what they left is kept.
/// </summary>
internal sealed class Av1FrameHeader
{
    private const uint KeyFrame = 0, InterFrame = 1, IntraOnlyFrame = 2, SwitchFrame = 3;
    private const int Slots = 8;
    private const int AllSlots = (1 << Slots) - 1;
    private const int NoReference = 7; // PRIMARY_REF_NONE

    private readonly Av1Reference[] _slots = [.. Enumerable.Repeat(Av1Reference.None, Slots)];
    private readonly int[] _references = new int[Av1OrderHints.References];
    private Av1Reference _frame = Av1Reference.None;
    private int _refreshed;
    private int _width;

    /// <summary>The tiles of the frame that was read last; a count of 0 where an earlier one is shown again.</summary>
    public Av1Tiles Tiles { get; private set; }

    /// <summary>Reads a header.</summary>
    /// <param name="bits">Where it stands.</param>
    /// <param name="sequence">The sequence header before it.</param>
    /// <param name="temporalLayer">Of the OBU.</param>
    /// <param name="spatialLayer">Of the OBU.</param>
    public void Read(ref BitReader bits, Av1SequenceFields sequence, int temporalLayer, int spatialLayer)
    {
        Tiles = default;

        // :: Step 1 — what kind of frame
        if (!sequence.IsReduced && bits.ReadFlag()) // show_existing_frame
        {
            ShowAgain(ref bits, sequence);
            return;
        }

        var type = sequence.IsReduced ? KeyFrame : bits.ReadBits(2);
        var isIntra = type is KeyFrame or IntraOnlyFrame;
        var isShown = sequence.IsReduced || bits.ReadFlag();
        if (!sequence.IsReduced && isShown && sequence.HasDecoderModel && !sequence.HasEqualIntervals)
            bits.Skip(sequence.PresentationTimeBits);
        var isShowable = isShown ? type != KeyFrame : bits.ReadFlag();
        var isResilient = sequence.IsReduced || type == SwitchFrame || type == KeyFrame && isShown || bits.ReadFlag();
        if (type == KeyFrame && isShown)
            Array.Fill(_slots, Av1Reference.None);

        // :: Step 2 — its tools, its place
        var isCdfFixed = bits.ReadFlag(); // disable_cdf_update
        var hasScreenContent = sequence.ScreenContentTools == Av1SequenceFields.FrameChooses ? bits.ReadFlag() : sequence.ScreenContentTools == 1;
        var isIntegerVector = hasScreenContent
            && (sequence.IntegerVectors == Av1SequenceFields.FrameChooses ? bits.ReadFlag() : sequence.IntegerVectors == 1);
        if (sequence.HasFrameIds)
            bits.Skip(sequence.FrameIdBits); // current_frame_id
        var hasOwnSize = type == SwitchFrame || !sequence.IsReduced && bits.ReadFlag(); // frame_size_override_flag
        var orderHint = (int)bits.ReadBits(sequence.OrderHintBits);
        var primary = isIntra || isResilient ? NoReference : (int)bits.ReadBits(3);
        if (sequence.HasDecoderModel && bits.ReadFlag()) // buffer_removal_time_present_flag
            SkipRemovalTimes(ref bits, sequence, temporalLayer, spatialLayer);
        _refreshed = type == SwitchFrame || type == KeyFrame && isShown ? AllSlots : (int)bits.ReadBits(Slots);
        if ((!isIntra || _refreshed != AllSlots) && isResilient && sequence.OrderHintBits > 0)
            ReadOrderHints(ref bits, sequence);
        _frame = Av1Reference.None with { FrameType = type, OrderHint = orderHint };
        var hints = new Av1OrderHints(sequence.OrderHintBits, orderHint, _slots);

        // :: Step 3 — its size and its references
        var (hasBlockCopy, isPrecise) = (false, false);
        if (isIntra)
        {
            ReadSize(ref bits, sequence, hasOwnSize);
            SkipRenderSize(ref bits);
            hasBlockCopy = hasScreenContent && _frame.UpscaledWidth == _width && bits.ReadFlag(); // allow_intrabc
        }
        else
        {
            ReadReferences(ref bits, sequence, hints);
            if (hasOwnSize && !isResilient)
                ReadSizeOfReference(ref bits, sequence);
            else
            {
                ReadSize(ref bits, sequence, hasOwnSize);
                SkipRenderSize(ref bits);
            }

            isPrecise = !isIntegerVector && bits.ReadFlag(); // allow_high_precision_mv
            if (!bits.ReadFlag()) // is_filter_switchable
                bits.Skip(2); // interpolation_filter
            bits.Skip(1); // is_motion_mode_switchable
            if (!isResilient && sequence.HasReferenceVectors)
                bits.Skip(1); // use_ref_frame_mvs
        }

        if (!sequence.IsReduced && !isCdfFixed)
            bits.Skip(1); // disable_frame_end_update_cdf
        var previous = primary == NoReference ? null : _slots[_references[primary]];

        // :: Step 4 — its tiles, and how it is quantized
        var tiles = Av1Tiles.Read(ref bits, sequence.HasLargeSuperblocks, _width, _frame.Height);
        var quantizer = (int)bits.ReadBits(8); // base_q_idx
        var hasPlainQuantizer = ReadQuantizer(ref bits, sequence);
        var deltas = Av1Segmentation.Read(ref bits, previous?.QuantizerDeltas, out var isSegmented);
        _frame = _frame with { QuantizerDeltas = deltas };
        if (quantizer > 0 && bits.ReadFlag()) // delta_q_present
        {
            bits.Skip(2); // delta_q_res
            if (!hasBlockCopy && bits.ReadFlag()) // delta_lf_present
                bits.Skip(2 + 1); // delta_lf_res, delta_lf_multi
        }

        // :: Step 5 — its filters
        var isLossless = hasPlainQuantizer && IsLossless(quantizer, isSegmented ? deltas : Av1Segmentation.None);
        if (!isLossless && !hasBlockCopy)
        {
            SkipLoopFilter(ref bits, sequence);
            if (sequence.HasDirectionalEnhancement)
                SkipDirectionalEnhancement(ref bits, sequence);
        }

        if (!(isLossless && _width == _frame.UpscaledWidth) && !hasBlockCopy && sequence.HasRestoration)
            SkipRestoration(ref bits, sequence);
        if (!isLossless)
            bits.Skip(1); // tx_mode_select

        // :: Step 6 — how it uses its references
        var isCompound = !isIntra && bits.ReadFlag(); // reference_select
        if (isCompound && sequence.OrderHintBits > 0 && hints.AllowsSkipMode(_references))
            bits.Skip(1); // skip_mode_present
        if (!isIntra && !isResilient && sequence.HasWarpedMotion)
            bits.Skip(1); // allow_warped_motion
        bits.Skip(1); // reduced_tx_set
        if (!isIntra)
            _frame = _frame with { GlobalMotion = Av1GlobalMotion.Read(ref bits, previous?.GlobalMotion ?? Av1GlobalMotion.Identity, isPrecise) };
        if (sequence.HasFilmGrain && (isShown || isShowable))
            Av1FilmGrain.Skip(ref bits, sequence, type == InterFrame);
        Tiles = tiles;
    }

    /// <summary>The last tile of the frame was read: it is kept where its header says so (§7.20).</summary>
    public void Keep()
    {
        for (var slot = 0; slot < Slots; slot++)
        {
            if ((_refreshed >> slot & 1) != 0)
                _slots[slot] = _frame;
        }
    }

    // A key frame that is shown again takes every slot (§7.21).
    private void ShowAgain(ref BitReader bits, Av1SequenceFields sequence)
    {
        _frame = _slots[bits.ReadBits(3)]; // frame_to_show_map_idx
        if (sequence.HasDecoderModel && !sequence.HasEqualIntervals)
            bits.Skip(sequence.PresentationTimeBits);
        if (sequence.HasFrameIds)
            bits.Skip(sequence.FrameIdBits); // display_frame_id
        _refreshed = _frame.FrameType == KeyFrame ? AllSlots : 0;
        Keep();
    }

    private static void SkipRemovalTimes(ref BitReader bits, Av1SequenceFields sequence, int temporalLayer, int spatialLayer)
    {
        foreach (var (layers, hasModel) in sequence.OperatingPoints)
        {
            if (hasModel && (layers == 0 || (layers >> temporalLayer & 1) != 0 && (layers >> (spatialLayer + 8) & 1) != 0))
                bits.Skip(sequence.RemovalTimeBits);
        }
    }

    private void ReadOrderHints(ref BitReader bits, Av1SequenceFields sequence)
    {
        for (var slot = 0; slot < Slots; slot++)
        {
            var hint = (int)bits.ReadBits(sequence.OrderHintBits);
            if (hint != _slots[slot].OrderHint)
                _slots[slot] = Av1Reference.None with { OrderHint = hint };
        }
    }

    private void ReadReferences(ref BitReader bits, Av1SequenceFields sequence, Av1OrderHints hints)
    {
        var isShort = sequence.OrderHintBits > 0 && bits.ReadFlag(); // frame_refs_short_signaling
        if (isShort)
            hints.Complete((int)bits.ReadBits(3), (int)bits.ReadBits(3), _references);
        for (var reference = 0; reference < _references.Length; reference++)
        {
            if (!isShort)
                _references[reference] = (int)bits.ReadBits(3);
            if (sequence.HasFrameIds)
                bits.Skip(sequence.FrameIdDeltaBits); // delta_frame_id_minus_1
        }
    }

    // frame_size, §5.9.5
    private void ReadSize(ref BitReader bits, Av1SequenceFields sequence, bool hasOwnSize)
    {
        var (width, height) = hasOwnSize
            ? ((int)bits.ReadBits(sequence.WidthBits) + 1, (int)bits.ReadBits(sequence.HeightBits) + 1)
            : (sequence.MaxWidth, sequence.MaxHeight);
        _frame = _frame with { UpscaledWidth = width, Height = height };
        ReadSuperResolution(ref bits, sequence);
    }

    // frame_size_with_refs, §5.9.7
    private void ReadSizeOfReference(ref BitReader bits, Av1SequenceFields sequence)
    {
        foreach (var reference in _references)
        {
            if (!bits.ReadFlag()) // found_ref
                continue;
            _frame = _frame with { UpscaledWidth = _slots[reference].UpscaledWidth, Height = _slots[reference].Height };
            ReadSuperResolution(ref bits, sequence);
            return;
        }

        ReadSize(ref bits, sequence, hasOwnSize: true);
        SkipRenderSize(ref bits);
    }

    // superres_params, §5.9.8
    private void ReadSuperResolution(ref BitReader bits, Av1SequenceFields sequence)
    {
        const int Numerator = 8, LeastDenominator = 9;
        _width = _frame.UpscaledWidth;
        if (!sequence.HasSuperResolution || !bits.ReadFlag()) // use_superres
            return;
        var denominator = (int)bits.ReadBits(3) + LeastDenominator;
        _width = (_width * Numerator + denominator / 2) / denominator;
    }

    private static void SkipRenderSize(ref BitReader bits)
    {
        if (bits.ReadFlag()) // render_and_frame_size_different
            bits.Skip(16 + 16);
    }

    // quantization_params, §5.9.12, after base_q_idx. Returns whether every difference is 0.
    private static bool ReadQuantizer(ref BitReader bits, Av1SequenceFields sequence)
    {
        var isPlain = ReadDelta(ref bits) == 0; // DeltaQYDc
        if (!sequence.IsMonochrome)
        {
            var planes = sequence.HasSeparateChromaDeltas && bits.ReadFlag() ? 2 : 1; // diff_uv_delta
            for (var delta = 0; delta < 2 * planes; delta++)
                isPlain &= ReadDelta(ref bits) == 0;
        }

        if (bits.ReadFlag()) // using_qmatrix
            bits.Skip(4 + 4 + (sequence.HasSeparateChromaDeltas ? 4 : 0));
        return isPlain;
    }

    private static int ReadDelta(ref BitReader bits) => bits.ReadFlag() ? Av1Numbers.ReadSigned(ref bits, 7) : 0;

    private static bool IsLossless(int quantizer, ImmutableArray<int?> deltas)
    {
        foreach (var delta in deltas)
        {
            if (Math.Clamp(quantizer + (delta ?? 0), 0, byte.MaxValue) != 0)
                return false;
        }

        return true;
    }

    // loop_filter_params, §5.9.11
    private static void SkipLoopFilter(ref BitReader bits, Av1SequenceFields sequence)
    {
        const int Deltas = 8 + 2; // of references and of modes
        var isFiltered = bits.ReadBits(6 + 6) != 0; // loop_filter_level[0], [1]
        if (!sequence.IsMonochrome && isFiltered)
            bits.Skip(6 + 6); // loop_filter_level[2], [3]
        bits.Skip(3); // loop_filter_sharpness
        if (!bits.ReadFlag() || !bits.ReadFlag()) // loop_filter_delta_enabled, loop_filter_delta_update
            return;
        for (var delta = 0; delta < Deltas; delta++)
        {
            if (bits.ReadFlag())
                bits.Skip(7);
        }
    }

    // cdef_params, §5.9.19
    private static void SkipDirectionalEnhancement(ref BitReader bits, Av1SequenceFields sequence)
    {
        bits.Skip(2); // cdef_damping_minus_3
        var strengths = 1 << (int)bits.ReadBits(2);
        bits.Skip(strengths * (4 + 2) * (sequence.IsMonochrome ? 1 : 2));
    }

    // lr_params, §5.9.20
    private static void SkipRestoration(ref BitReader bits, Av1SequenceFields sequence)
    {
        var isLuma = bits.ReadBits(2) != 0; // lr_type
        var isChroma = !sequence.IsMonochrome && bits.ReadBits(2 + 2) != 0;
        if (!isLuma && !isChroma)
            return;
        if (bits.ReadFlag() && !sequence.HasLargeSuperblocks) // lr_unit_shift
            bits.Skip(1); // lr_unit_extra_shift
        if (isChroma && sequence.IsSubsampledAcross && sequence.IsSubsampledDown)
            bits.Skip(1); // lr_uv_shift
    }
}
