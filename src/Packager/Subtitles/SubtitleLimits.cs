namespace Movento.Packager.Subtitles;

/// <summary>How much is read and made of subtitles, so that hostile text costs no more than an honest film's.</summary>
public static class SubtitleLimits
{
    /// <summary>Bytes of a text file, or of a track's samples together. A feature film has 100 KB.</summary>
    public const int MaxSize = 8 << 20;

    /// <summary>Bytes of one cue's text in its source; a longer one is left out.</summary>
    public const int MaxCueSize = 64 << 10;

    /// <summary>Cues of a track: three a second for twelve hours.</summary>
    public const int MaxCues = 1 << 17;

    /// <summary>Cues shown at the same time. Each change of one repeats all the others in a sample.</summary>
    public const int MaxSimultaneousCues = 128;

    /// <summary>Bytes of STYLE and REGION blocks together: they stand in every segment.</summary>
    public const int MaxBlocksSize = 16 << 10;

    /// <summary>Bytes of the packaged samples, and of the segments' texts. A feature film has 500 KB of each. Cues that last long are repeated in every segment.</summary>
    public const int MaxPackagedSize = 64 << 20;

    /// <summary>No cue begins or ends later.</summary>
    public static readonly TimeSpan MaxTime = TimeSpan.FromHours(1000);
}
