using Movento.Packager.Presentations;

namespace Movento.Ingest.Subtitles.Sidecars;

/// <summary>What subtitles may be for: the values of urn:mpeg:dash:role:2011 that are text's.</summary>
internal static class SidecarRole
{
    public const string Default = "subtitle";

    /// <summary>The role of a value, or null.</summary>
    public static TrackRole? Of(string value) => value switch
    {
        "subtitle" => TrackRole.Subtitle,
        "caption" => TrackRole.Caption,
        "forced-subtitle" => TrackRole.ForcedSubtitle,
        "commentary" => TrackRole.Commentary,
        "easyreader" => TrackRole.EasyReader,
        _ => null,
    };
}
