namespace Movento.Ingest;

/// <summary>Why an accepted upload cannot be published. <see cref="Rejection"/> holds each one's words.</summary>
public enum RejectionReason
{
    /// <summary>No demuxer that we trust reads it.</summary>
    NotMedia,

    /// <summary>It ends before it says it does, or its index is missing.</summary>
    Truncated,

    /// <summary>It holds neither pictures nor sound.</summary>
    NoTracks,

    /// <summary>Its pictures or its sound are in a codec that we do not decode.</summary>
    UnsupportedCodec,

    /// <summary>More bytes than an upload may have.</summary>
    TooLarge,

    /// <summary>A longer film than an asset may be.</summary>
    TooLong,

    /// <summary>Larger pictures than a track may have.</summary>
    TooManyPixels,

    /// <summary>More tracks than a file may have.</summary>
    TooManyTracks,

    /// <summary>It lasts far longer than its pictures and sound would last.</summary>
    ImplausibleTiming,

    /// <summary>It is damaged inside: what decodes is not the whole film.</summary>
    Damaged,

    /// <summary>Its pictures end long before its sound does: players want tracks that last equally long.</summary>
    PicturesEndEarly,

    /// <summary>The encoder failed, or its result did not pass the proof.</summary>
    EncodeFailed,

    /// <summary>What was packaged breaks a streaming standard: the conformance gate found an error.</summary>
    NotConformant,

    /// <summary>A tool ran into its time limit.</summary>
    TimedOut,
}
