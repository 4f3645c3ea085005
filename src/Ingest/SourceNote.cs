using System.Collections.Immutable;

namespace Movento.Ingest;

/// <summary>Something of a source that is not in what was made of it, or not as it was: for whoever uploaded it, in the asset and in the receipt.</summary>
/// <param name="Code">Stable, for machines: docs/formats/http-api.md lists them.</param>
/// <param name="Message">One sentence of what it is.</param>
/// <param name="Hint">One sentence of what to do.</param>
internal sealed record SourceNote(string Code, string Message, string Hint)
{
    /// <summary>The most notes that are kept: a list of a thousand streams says no more than its beginning.</summary>
    public const int MaxCount = 64;

    private const string UploadText = "Upload the subtitles as an .srt or .vtt file: the film needs no new encode for it.";

    /// <summary>A codec or a rung that the ladder could not have, in the ladder's words.</summary>
    public static SourceNote LeftRung(string message) => new("ladder", message, "Nothing: the film is published with the other rungs.");

    /// <summary>Subtitles that are pictures: PGS, VobSub, DVB.</summary>
    public static SourceNote PictureSubtitles(int stream, string codec, string? language) => new(
        "picture_subtitles", $"Stream {stream}{In(language)} is left out: its subtitles are pictures ({codec}), not text.", UploadText);

    /// <summary>Closed captions in a track or within the pictures: CEA-608 and CEA-708.</summary>
    public static SourceNote ClosedCaptions(int stream) => new(
        "closed_captions", $"Stream {stream} carries closed captions (CEA-608 or CEA-708), which are not taken out.", UploadText);

    /// <summary>Subtitles of a kind that cannot be read.</summary>
    public static SourceNote UnknownSubtitles(int stream, string? codec) => new(
        "unsupported_subtitles", $"Stream {stream} is left out: subtitles in {codec ?? "an unknown codec"} are not text that can be read.", UploadText);

    /// <summary>Subtitles that should be text and are broken, or empty.</summary>
    public static SourceNote UnreadableSubtitles(int stream, string codec) => new(
        "unreadable_subtitles", $"Stream {stream} is left out: its subtitles in {codec} could not be read.", UploadText);

    /// <summary>More subtitles than are taken.</summary>
    public static SourceNote TooManySubtitles(int stream, int most) => new(
        "too_many_subtitles", $"Stream {stream} is left out: there are more than {most} tracks of subtitles.", "Upload those that are wanted as .srt or .vtt files.");

    /// <summary>Sound in a codec that is not decoded, beside sound that is.</summary>
    public static SourceNote UnsupportedSound(int stream, string? codec) => new(
        "unsupported_sound", $"Stream {stream} is left out: its sound is in {codec ?? "an unknown codec"}, which is not supported.",
        "Export that track as AAC, FLAC or PCM and upload the film again.");

    /// <summary>More sound than is taken.</summary>
    public static SourceNote TooManySounds(int stream, int most) => new(
        "too_many_sounds", $"Stream {stream} is left out: there are more than {most} tracks of sound.", "Leave out what nobody listens to, and upload the film again.");

    /// <summary>Sound that was to be passed through and does not go with the pictures without an encode.</summary>
    public static SourceNote SoundNotPassed(int stream, string codec) => new(
        "sound_not_passed", $"The sound of stream {stream} is not passed on in {codec}: it begins late, ends early or has holes; what is encoded of it has not.",
        "Nothing, or export the film with sound that begins and ends with the pictures.");

    /// <summary>Many channels whose speakers nobody knows.</summary>
    public static SourceNote UnknownSpeakers(int stream, int channels) => new(
        "unknown_speakers", $"Stream {stream} has {channels} channels and does not say which speakers they are: the first two are taken as left and right.",
        "Export it with a channel layout, or as tracks of their own, and upload the film again.");

    /// <summary>Pictures beside the ones that were taken.</summary>
    public static SourceNote FurtherPictures(int stream, int width, int height) => new(
        "further_pictures", $"Stream {stream} is left out: a film has one track of pictures, and this one ({width} × {height}) is not the largest.",
        "Upload it as a film of its own if it is wanted.");

    /// <summary>Subtitles of a file that were not in Unicode.</summary>
    public static SourceNote GuessedEncoding(string name) => new(
        "guessed_encoding", $"The subtitles '{name}' were read as Windows-1252, since they are not Unicode.",
        "If letters with accents are wrong, save the file as UTF-8 and upload it again.");

    /// <summary>Subtitles of a file that could not be packaged with this film.</summary>
    public static SourceNote UnusableSidecar(string name) => new(
        "unusable_subtitles", $"The subtitles '{name}' show nothing within this film and are left out.", "Check that they belong to it and begin at zero.");

    /// <summary>A team's poster that no decoder takes.</summary>
    public static SourceNote UnusablePoster() => new(
        "unusable_poster", "The poster that was uploaded cannot be decoded; a picture of the film stands in its place.", "Save it as a JPEG and upload it again.");

    /// <summary>Sidecars with which the presentation would break a rule.</summary>
    public static SourceNote RefusedSidecars() => new(
        "refused_subtitles", "The subtitles that were uploaded as files are not shown: the film with them would break a rule of the standards.",
        "Remove the last file that was uploaded, or save it anew.");

    /// <summary>The first <see cref="MaxCount"/> of them.</summary>
    public static ImmutableArray<SourceNote> Bounded(IEnumerable<SourceNote> notes) => [.. notes.Take(MaxCount)];

    private static string In(string? language) => language is null ? "" : $" ({language})";
}
