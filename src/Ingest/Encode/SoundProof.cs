namespace Movento.Ingest.Encode;

/// <summary>Whether a track of sound was decoded whole: a film whose sound breaks off in the middle is not published as if it did not.</summary>
internal static class SoundProof
{
    // What decoders keep back: the samples before an edit list's beginning, a codec's first packet, and what a cut left of the last one.
    private const long LeastAllowed = 4;

    // Of the packets, and never more than about a second of them: as of the pictures (EncodeProof). AAC at 48 kHz has 47 packets a second.
    private const double AllowedShare = 0.01;
    private const long MostAllowed = 47;

    /// <summary>Compares what ffmpeg read of the track with what came out of its decoder: a packet is a frame in every codec of sound that is taken.</summary>
    /// <exception cref="RejectedException">Too much of it could not be decoded.</exception>
    public static void Demand(DecodeTally tally)
    {
        if (tally.Sound is not { } sound) throw new RejectedException(RejectionReason.EncodeFailed, "ffmpeg did not say how much sound it decoded.");
        var allowed = Math.Clamp((long)(sound.Packets * AllowedShare), LeastAllowed, MostAllowed);
        if (sound.Frames < sound.Packets - allowed)
            throw new RejectedException(RejectionReason.Damaged, $"{sound.Frames} of {sound.Packets} packets of sound could be decoded: {tally.Errors.Split('\n')[0]}");
    }
}
