using Movento.Packager.Cmaf;

namespace Movento.Packager.Folders;

/// <summary>One track to be packaged.</summary>
/// <param name="Path">The file that has it: MP4, or for subtitles also WebVTT or SubRip.</param>
/// <param name="Settings">Which track of the file, and what becomes of it.</param>
public sealed record PlannedTrack(string Path, CmafSettings Settings);
