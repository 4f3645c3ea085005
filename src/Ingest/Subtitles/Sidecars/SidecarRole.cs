using Movento.Packager.Presentations;

namespace Movento.Ingest.Subtitles.Sidecars;

/// <summary>What subtitles may be for: the values of urn:mpeg:dash:role:2011 that are text's.</summary>
internal static class SidecarRole
{
    public const string Default = "subtitle";

    /// <summary>All values.</summary>
    public static readonly string[] Words = [Default, "caption", "forced-subtitle", "commentary", "easyreader"];

    /// <summary>The role of a value, or null.</summary>
    public static TrackRole? Of(string value) => value switch
    {
        Default => TrackRole.Subtitle,
        "caption" => TrackRole.Caption,
        "forced-subtitle" => TrackRole.ForcedSubtitle,
        "commentary" => TrackRole.Commentary,
        "easyreader" => TrackRole.EasyReader,
        _ => null,
    };
}
