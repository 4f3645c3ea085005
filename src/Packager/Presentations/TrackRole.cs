namespace Movento.Packager.Presentations;

/// <summary>What a rendition is for: the values of urn:mpeg:dash:role:2011 (ISO/IEC 23009-1 §5.8.5.5) that are packaged.</summary>
public enum TrackRole
{
    /// <summary>Nothing was said: the default of its kind is the main one, every other an alternate.</summary>
    None,

    /// <summary>Talk about the film.</summary>
    Commentary,

    /// <summary>Another language's voices.</summary>
    Dub,

    /// <summary>What is seen, told for those who cannot see it: HLS' public.accessibility.describes-video.</summary>
    Description,

    /// <summary>Subtitles in the language that is spoken: nothing about noises.</summary>
    Subtitle,

    /// <summary>Everything that is heard, written for those who cannot hear it: HLS' public.accessibility.transcribes-spoken-dialog and describes-music-and-sound.</summary>
    Caption,

    /// <summary>Subtitles of what the film itself needs to be understood; shown unasked: HLS' FORCED.</summary>
    ForcedSubtitle,

    /// <summary>Easy to read or to hear: HLS' public.easy-to-read.</summary>
    EasyReader,
}
