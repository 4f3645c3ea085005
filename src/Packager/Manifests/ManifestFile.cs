using System.Buffers;
using System.Collections.Immutable;
using Movento.Packager.Dash;
using Movento.Packager.Hls;
using Movento.Packager.Presentations;

namespace Movento.Packager.Manifests;

/// <summary>What a manifest is written in.</summary>
public enum ManifestFormat
{
    /// <summary>RFC 8216bis: application/vnd.apple.mpegurl.</summary>
    Hls,

    /// <summary>ISO/IEC 23009-1: application/dash+xml.</summary>
    Dash,

    /// <summary>WebVTT: text/vtt.</summary>
    WebVtt,

    /// <summary>application/json.</summary>
    Json,
}

/// <summary>One manifest of a presentation: where it lies (docs/formats/urls.md), and how it is written.</summary>
/// <param name="Path">Below the folder of the version, with <c>/</c>.</param>
/// <param name="Format">What it is written in.</param>
/// <param name="Write">Renders it as UTF-8.</param>
public sealed record ManifestFile(string Path, ManifestFormat Format, Action<IBufferWriter<byte>> Write)
{
    /// <summary>Every manifest that a presentation has, the ones that a player begins with first.</summary>
    /// <param name="presentation">What they are of.</param>
    /// <param name="addressing">How they name segments.</param>
    /// <param name="hints">Of the delivery, or null.</param>
    public static ImmutableArray<ManifestFile> Of(Presentation presentation, SegmentAddressing addressing, DeliveryHints? hints = null)
    {
        var files = ImmutableArray.CreateBuilder<ManifestFile>();
        var folder = addressing == SegmentAddressing.Segments ? "segments/" : "";
        files.Add(new ManifestFile($"{folder}master.m3u8", ManifestFormat.Hls, output => MultivariantPlaylist.Write(output, presentation, addressing, hints)));
        // A presentation that DASH cannot carry has no MPD: one without an adaptation set is not valid.
        if (presentation.Renditions.Any(rendition => rendition.Kind != TrackKind.Image && rendition.Encryption is not { Scheme: EncryptionScheme.Aes128 }))
        {
            files.Add(new ManifestFile(
                $"{folder}manifest.mpd", ManifestFormat.Dash, output => MediaPresentationDescription.Write(output, presentation, addressing, hints: hints)));
        }

        foreach (var rendition in presentation.Renditions)
        {
            if (rendition.Kind != TrackKind.Image)
                files.Add(new ManifestFile($"{folder}{rendition.Id}.m3u8", ManifestFormat.Hls, output => MediaPlaylist.Write(output, presentation, rendition, addressing)));
            if (rendition.AccessPoints.Length > 0)
                files.Add(new ManifestFile($"{folder}{rendition.Id}.iframes.m3u8", ManifestFormat.Hls, output => IFramePlaylist.Write(output, rendition, addressing, isDated: !presentation.Chapters.IsEmpty)));
        }

        if (addressing == SegmentAddressing.ByteRanges && presentation.Thumbnails is { } thumbnails)
            files.Add(new ManifestFile("thumbnails.vtt", ManifestFormat.WebVtt, output => ThumbnailTrack.Write(output, thumbnails)));
        if (addressing == SegmentAddressing.ByteRanges && !presentation.Chapters.IsEmpty)
            files.Add(new ManifestFile("chapters.json", ManifestFormat.Json, output => ChapterList.Write(output, presentation.Chapters)));
        return files.DrainToImmutable();
    }

    /// <summary>Every manifest that a presentation has while it grows, all in <c>segments/</c>: what players ask for again must stay when it is whole.</summary>
    /// <param name="growing">What they are of.</param>
    /// <param name="hints">Of the delivery, or null.</param>
    public static ImmutableArray<ManifestFile> Of(GrowingPresentation growing, DeliveryHints? hints = null) =>
    [
        new ManifestFile("segments/master.m3u8", ManifestFormat.Hls, output => MultivariantPlaylist.Write(output, growing, hints)),
        new ManifestFile("segments/manifest.mpd", ManifestFormat.Dash, output => MediaPresentationDescription.Write(output, growing, hints)),
        .. growing.Renditions.Select(growth => new ManifestFile(
            $"segments/{growth.Rendition.Id}.m3u8", ManifestFormat.Hls, output => MediaPlaylist.Write(output, growing, growth.Rendition))),
    ];
}
