using System.Collections.Immutable;

namespace Movento.Packager.Presentations;

/// <summary>
/// One film, ready to be delivered: the model from which every manifest is rendered. Immutable; everything in it was
/// measured from the packaged bytes (docs/formats/presentation.md).
/// </summary>
public sealed record Presentation
{
    /// <summary>Every rendition: the video rungs from the lowest to the highest, then the audio, the subtitles, the still pictures.</summary>
    public required ImmutableArray<Rendition> Renditions { get; init; }

    /// <summary>The video rungs, from the lowest to the highest.</summary>
    public IEnumerable<Rendition> Video => Renditions.Where(rendition => rendition.Kind == TrackKind.Video);

    /// <summary>The audio renditions, the default one first.</summary>
    public IEnumerable<Rendition> Audio => Renditions.Where(rendition => rendition.Kind == TrackKind.Audio);

    /// <summary>The subtitles.</summary>
    public IEnumerable<Rendition> Text => Renditions.Where(rendition => rendition.Kind == TrackKind.Text);

    /// <summary>Small pictures for a player's bar, or null.</summary>
    public ThumbnailTiles? Thumbnails { get; init; }

    /// <summary>Parts with names of their own, in order; they do not overlap.</summary>
    public ImmutableArray<Chapter> Chapters { get; init; } = [];

    /// <summary>
    /// Of every media playlist of pictures and sound: they must have the same one (RFC 8216bis §6.2.4). Whole seconds. Measured, unless it was set: a
    /// part of a presentation keeps that of the whole, as its media playlists do.
    /// </summary>
    public long TargetDuration
    {
        get => field > 0 ? field : LongestTarget();
        init;
    }

    /// <summary>From presentation time zero to the end of the longest rendition.</summary>
    public TimeSpan Duration
    {
        get
        {
            var longest = TimeSpan.Zero;
            foreach (var rendition in Renditions)
                longest = rendition.Duration > longest ? rendition.Duration : longest;
            return longest;
        }
    }

    private long LongestTarget()
    {
        var longest = 1L;
        foreach (var rendition in Renditions)
        {
            if (rendition.Kind is TrackKind.Video or TrackKind.Audio)
                longest = Math.Max(longest, rendition.TargetDuration);
        }

        return longest;
    }
}
