namespace Movento.Ingest.Probe;

/// <summary>Every packet of one track, as the demuxer gave them. Times are in ticks of the track's time base.</summary>
internal sealed record PacketTable
{
    /// <summary>Packets of the track.</summary>
    public required long Count { get; init; }

    /// <summary>Presentation times, sorted. Only the first ones where there are more than <see cref="PacketScan.MaxPackets"/>.</summary>
    public required long[] Times { get; init; }

    /// <summary>Bytes of each packet, in the order of <see cref="Times"/>.</summary>
    public int[] Sizes { get; init; } = [];

    /// <summary>Whether a picture that is shown before a keyframe follows it in the file: a decoder that begins at the keyframe may lack what it is made from.</summary>
    public bool HasLeadingPictures { get; init; }

    /// <summary>Presentation times of the keyframes, sorted; bounded as <see cref="Times"/>.</summary>
    public required long[] Keyframes { get; init; }

    /// <summary>The latest time at which a packet ends, or begins where it does not say how long it is.</summary>
    public required long End { get; init; }

    /// <summary>The longest time from one packet to the next one shown, the last one's own duration included.</summary>
    public required long LargestGap { get; init; }

    /// <summary>Seconds a tick; 0/1 where the tool did not say.</summary>
    public required Ratio TimeBase { get; init; }

    /// <summary>
    /// Whether the times are to be relied on: every packet has one, no two the same, none is marked as to be discarded or as corrupt, and
    /// <see cref="Times"/> holds them all.
    /// </summary>
    public required bool IsPlain { get; init; }
}
