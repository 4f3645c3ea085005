namespace Movento.Packager.Verification.Media;

/// <summary>What the bytes of a segment are, whatever manifests say of them.</summary>
internal sealed class MeasuredSegment
{
    public required ResourceRange Bytes { get; init; }

    public long Size { get; set; }

    public uint FirstSequenceNumber { get; set; }

    public uint LastSequenceNumber { get; set; }

    public List<MeasuredRun> Runs { get; } = [];

    public MeasuredRun? Find(uint trackId)
    {
        foreach (var run in Runs)
        {
            if (run.Track.Id == trackId)
                return run;
        }

        return null;
    }
}

/// <summary>The samples that a segment has of one track. Times in the track's ticks; presentation times after the edit list.</summary>
internal sealed class MeasuredRun(InitializationTrack track)
{
    public InitializationTrack Track => track;

    public required long DecodeStart { get; init; }

    public long DecodeEnd { get; set; }

    public long EarliestPresentation { get; set; }

    public long LatestPresentationEnd { get; set; }

    public required long FirstPresentation { get; init; }

    public required bool BeginsWithSync { get; init; }

    /// <summary>Whether the bytes of the first picture say that it can be decoded alone; null where that is not known.</summary>
    public bool? BeginsWithKeyPicture { get; set; }

    public long Samples { get; set; }

    /// <summary>Of one sample, in ticks.</summary>
    public uint ShortestDuration { get; set; } = uint.MaxValue;

    public double DecodeDuration => track.Seconds(DecodeEnd - DecodeStart);

    public double PresentationDuration => track.Seconds(LatestPresentationEnd) - StartSeconds;

    /// <summary>When the first of it is shown or heard: what an edit list cuts away before time zero is neither.</summary>
    public double StartSeconds => Math.Max(0, track.Seconds(EarliestPresentation));
}
