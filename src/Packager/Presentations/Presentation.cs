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

    /// <summary>From presentation time zero to the end of the longest rendition.</summary>
    public TimeSpan Duration => Renditions.IsDefaultOrEmpty ? TimeSpan.Zero : Renditions.Max(rendition => rendition.Duration);
}
