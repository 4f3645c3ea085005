namespace Movento.Packager.Presentations;

/// <summary>What a rendition carries.</summary>
public enum TrackKind
{
    /// <summary>Pictures.</summary>
    Video,

    /// <summary>Sound.</summary>
    Audio,

    /// <summary>Subtitles: WebVTT in ISO BMFF (ISO/IEC 14496-30), with the same cues as text for HLS.</summary>
    Text,

    /// <summary>Still pictures for trick play: a track of JPEGs, each a sync sample (codec <c>mjpg</c>, ISO/IEC 23008-12 Annex H).</summary>
    Image,
}
