using Movento.Edge.Admission;
using Movento.Packager.Presentations;

namespace Movento.Edge.Delivery.Selection;

/// <summary>
/// What of a presentation a manifest lists: what a query comes to. Queries that come to the same share one rendered manifest, so that there are never more
/// of these than different manifests.
/// </summary>
/// <param name="Renditions">What is listed.</param>
/// <param name="StartHeight">Lines of the rung to begin with, or 0 where that is the first one anyway.</param>
internal readonly record struct ManifestSelection(RenditionSet Renditions, int StartHeight)
{
    /// <summary>
    /// What <paramref name="query"/> leaves of <paramref name="renditions"/>; null, or why there is nothing:
    /// 1. pictures and sound that the codecs and the range rule out are not listed: a player cannot show them. Nothing left of a kind is an error;
    /// 2. of the pictures, those that the token refuses are not listed, and where it refuses all, neither is anything else; nor those above the greatest
    ///    height asked for, but where all are, the lowest rung stays;
    /// 3. of the sound, only the languages that were named; where the film has none of them, all of it stays;
    /// 4. the rung to begin with is the highest that is not above the one asked for, or else the lowest.
    /// Subtitles and still pictures stay.
    /// </summary>
    public static EdgeOutcome? Select(
        in ManifestQuery query, in Admitted admitted, ReadOnlySpan<Rendition> renditions, out ManifestSelection selection)
    {
        selection = default;
        var (videos, sounds, spoken, others) = (default(RenditionSet), default(RenditionSet), default(RenditionSet), default(RenditionSet));
        var (hasVideo, hasSound, lowest) = (false, false, int.MaxValue);

        // :: Step 1
        for (var place = 0; place < renditions.Length; place++)
        {
            var rendition = renditions[place];
            if (rendition is { Kind: TrackKind.Video, Video: { } video })
            {
                hasVideo = true;
                if (!query.AllowsCodecs(rendition.Codecs, TrackKind.Video) || (query.IsSdrOnly && video.Range != VideoRange.Sdr)) continue;
                videos = videos.With(place);
                lowest = Math.Min(lowest, video.Height);
            }
            else if (rendition.Kind == TrackKind.Audio)
            {
                hasSound = true;
                if (!query.AllowsCodecs(rendition.Codecs, TrackKind.Audio)) continue;
                sounds = sounds.With(place);
                // :: Step 3
                if (query.NamesLanguage(rendition.Language)) spoken = spoken.With(place);
            }
            else
            {
                others = others.With(place);
            }
        }

        // :: Step 2
        if (!videos.IsEmpty && !admitted.Allows(lowest)) return EdgeOutcome.RenditionTooHigh;
        if ((hasVideo && videos.IsEmpty) || (hasSound && sounds.IsEmpty)) return EdgeOutcome.NothingSelected;

        // :: Step 4
        var limit = query.MaxHeight == 0 ? int.MaxValue : Math.Max(query.MaxHeight, lowest);
        var start = Math.Max(query.Start, lowest);
        var (listed, first, best) = (default(RenditionSet), 0, 0);
        for (var place = 0; place < renditions.Length; place++)
        {
            if (!videos.Has(place) || renditions[place].Video!.Height is var height && (height > limit || !admitted.Allows(height))) continue;
            listed = listed.With(place);
            if (first == 0) first = height;
            if (height <= start) best = Math.Max(best, height);
        }

        selection = new ManifestSelection(listed | (spoken.IsEmpty ? sounds : spoken) | others, query.Start == 0 || best == first ? 0 : best);
        return null;
    }

    /// <summary>Whether everything is listed as it would be unasked.</summary>
    public bool IsEverythingOf(ReadOnlySpan<Rendition> renditions)
    {
        for (var place = 0; place < renditions.Length; place++)
        {
            if (!Renditions.Has(place)) return false;
        }

        return StartHeight == 0;
    }

    /// <summary>What is listed of a presentation. The target duration stays that of the whole, which its media playlists have.</summary>
    public Presentation Of(Presentation whole)
    {
        var listed = Renditions;
        return whole with { Renditions = [.. whole.Renditions.Where((_, place) => listed.Has(place))], TargetDuration = whole.TargetDuration };
    }

    /// <summary>What is listed of a presentation that grows.</summary>
    public GrowingPresentation Of(GrowingPresentation whole)
    {
        var listed = Renditions;
        return whole with { Renditions = [.. whole.Renditions.Where((_, place) => listed.Has(place))] };
    }
}
