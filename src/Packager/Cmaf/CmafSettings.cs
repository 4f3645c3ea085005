using Movento.Packager.Presentations;
using Movento.Packager.Protection;

namespace Movento.Packager.Cmaf;

/// <summary>What the caller decides about a rendition; everything else is measured.</summary>
public sealed record CmafSettings
{
    /// <summary>See <see cref="Rendition.Id"/>.</summary>
    public required string Id { get; init; }

    /// <summary>Which track of the source to take: the first of this kind.</summary>
    public required TrackKind Kind { get; init; }

    /// <summary>The track_ID of the source's track to take in place of the first of <see cref="Kind"/>; it must be of that kind.</summary>
    public uint? TrackId { get; init; }

    /// <summary>A segment ends at the first sync sample at or after each multiple of it in presentation time; audio segments end at the access unit nearest to it.</summary>
    public TimeSpan SegmentDuration { get; init; } = TimeSpan.FromSeconds(4);

    /// <summary>
    /// Ticks by which every picture is composed after it is decoded (the offset edit list, ISO/IEC 23000-19 §7.5.13): as a <see cref="GrowingTrack"/>
    /// began with, whose segments were given out before anybody knew how many the whole track needs. What needs more is composed before it is decoded
    /// (trun of version 1). The header then does not say how long the track is, as it did not when it was given out. Null: as many as needed, and the
    /// header says all.
    /// </summary>
    public long? CompositionDelay { get; init; }

    /// <summary>See <see cref="Rendition.Language"/>.</summary>
    public string? Language { get; init; }

    /// <summary>See <see cref="Rendition.Name"/>.</summary>
    public string? Name { get; init; }

    /// <summary>See <see cref="Rendition.IsDefault"/>.</summary>
    public bool IsDefault { get; init; }

    /// <summary>See <see cref="Rendition.Role"/>.</summary>
    public TrackRole Role { get; init; }

    /// <summary>See <see cref="Rendition.Score"/>.</summary>
    public double? Score { get; init; }

    /// <summary>
    /// How to encrypt it; null for in the clear. Pictures and sound only: subtitles and still pictures are in the clear everywhere, since
    /// players show them themselves, past the decoder that decrypts.
    /// </summary>
    public EncryptionSettings? Encryption { get; init; }

    internal void ThrowIfInvalid()
    {
        if (!Rendition.IsId(Id))
            throw new ArgumentException($"The rendition's id '{Id}' is not 1 to 32 of a-z 0-9 -, or is the name of another file.");
        Encryption?.ThrowIfInvalid();
        if (Encryption is not null && Kind is not (TrackKind.Video or TrackKind.Audio))
            throw new ArgumentException("Subtitles and still pictures stay in the clear.");
        if (SegmentDuration <= TimeSpan.Zero)
            throw new ArgumentException("The segment duration is not above zero.");
        if (CompositionDelay < 0 || CompositionDelay > int.MaxValue || CompositionDelay is not null && Kind is not (TrackKind.Video or TrackKind.Audio))
            throw new ArgumentException("The composition delay is not a number of ticks from 0, or not of pictures or sound.");
    }
}
