namespace Movento.Packager.Presentations;

/// <summary>The values of urn:mpeg:dash:role:2011, in presentation.json and in an MPD.</summary>
internal static class TrackRoleName
{
    /// <summary>The value of a role; empty for none.</summary>
    public static ReadOnlySpan<byte> Of(TrackRole role) => role switch
    {
        TrackRole.Commentary => "commentary"u8,
        TrackRole.Dub => "dub"u8,
        TrackRole.Description => "description"u8,
        TrackRole.Subtitle => "subtitle"u8,
        TrackRole.Caption => "caption"u8,
        TrackRole.ForcedSubtitle => "forced-subtitle"u8,
        TrackRole.EasyReader => "easyreader"u8,
        _ => ""u8,
    };

    /// <summary>The role of a value, or null.</summary>
    public static TrackRole? TryRead(string value) => value switch
    {
        "commentary" => TrackRole.Commentary,
        "dub" => TrackRole.Dub,
        "description" => TrackRole.Description,
        "subtitle" => TrackRole.Subtitle,
        "caption" => TrackRole.Caption,
        "forced-subtitle" => TrackRole.ForcedSubtitle,
        "easyreader" => TrackRole.EasyReader,
        _ => null,
    };
}
