namespace Movento.Ingest.Ladder;

/// <summary>How the pictures of a rung are compressed.</summary>
internal enum VideoCodec
{
    /// <summary>ITU-R H.264, by x264: what every player plays, so always there; eight bits, standard range.</summary>
    H264,

    /// <summary>ITU-T H.265, by x265; ten bits where the source has a high dynamic range.</summary>
    Hevc,

    /// <summary>AV1, by SVT-AV1; ten bits where the source has a high dynamic range.</summary>
    Av1,
}
