using Movento.Packager.Presentations;

namespace Movento.Ingest.Probe;

/// <summary>What a track of sound is for.</summary>
internal static class AudioRole
{
    // As authors call such tracks where the container marks nothing; parts of words of their own, so that "Commentator's cut" is none.
    private static readonly string[] Commentary = ["commentary", "commentaire", "kommentar", "audiokommentar", "comentario", "comentarios", "commento"];

    private static readonly string[] Description =
        ["audio description", "audiodescription", "audio described", "descriptive audio", "described video", "audiodeskription", "hörfilm", "audiodescripción", "audiodescrizione"];

    /// <summary>The file's mark, then its title.</summary>
    public static TrackRole Of(FfprobeStream stream) =>
        stream.Has("visual_impaired") || stream.Has("descriptions") ? TrackRole.Description
        : stream.Has("comment") ? TrackRole.Commentary
        : stream.Has("dub") ? TrackRole.Dub
        : TrackTitle.From(stream.Tags) is { } title ? Of(title)
        : TrackRole.None;

    private static TrackRole Of(string title) =>
        Has(title, Description) ? TrackRole.Description : Has(title, Commentary) ? TrackRole.Commentary : TrackRole.None;

    private static bool Has(string title, string[] words) => words.Any(word =>
    {
        for (var at = title.IndexOf(word, StringComparison.OrdinalIgnoreCase); at >= 0; at = title.IndexOf(word, at + 1, StringComparison.OrdinalIgnoreCase))
        {
            if ((at == 0 || !char.IsLetter(title[at - 1])) && (at + word.Length == title.Length || !char.IsLetter(title[at + word.Length]))) return true;
        }
        return false;
    });
}
