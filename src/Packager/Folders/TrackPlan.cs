using System.Collections.Immutable;
using Movento.Packager.Cmaf;
using Movento.Packager.IsoBmff;
using Movento.Packager.Presentations;
using Movento.Packager.Subtitles;
using Movento.Packager.Tracks;

namespace Movento.Packager.Folders;

/// <summary>What to package of files where nobody says more: every track that can be, with ids and names that follow from the tracks themselves.</summary>
/// <param name="Tracks">For <see cref="FolderPackager"/>; pictures from the lowest to the highest, then sound, then subtitles.</param>
/// <param name="Skipped">The tracks that cannot be packaged, each with its <see cref="OutlinedTrack.Refusal"/>, and their files.</param>
public sealed record TrackPlan(ImmutableArray<PlannedTrack> Tracks, ImmutableArray<(string Path, OutlinedTrack Track)> Skipped)
{
    /// <summary>Reads the headers of the files and plans their tracks.</summary>
    /// <param name="paths">MP4 files, and subtitles as <c>.vtt</c> and <c>.srt</c>.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    /// <exception cref="MediaFormatException">A file is broken.</exception>
    /// <exception cref="IOException">A file cannot be read.</exception>
    public static async Task<TrackPlan> ReadAsync(IReadOnlyList<string> paths, CancellationToken cancellationToken)
    {
        var files = new List<(string, SourceOutline)>();
        foreach (var path in paths)
            files.Add((path, await OutlineAsync(path, cancellationToken).ConfigureAwait(false)));
        return Of(files);
    }

    /// <summary>What one file has: see <see cref="SourceFile.ReadOutlineAsync"/>. A text file is one track of subtitles.</summary>
    /// <inheritdoc cref="ReadAsync" path="/exception"/>
    public static async Task<SourceOutline> OutlineAsync(string path, CancellationToken cancellationToken)
    {
        var source = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read);
        await using (source.ConfigureAwait(false))
        {
            if (Path.GetExtension(path).ToLowerInvariant() is not (".vtt" or ".srt"))
                return await SourceFile.ReadOutlineAsync(source, cancellationToken).ConfigureAwait(false);

            var subtitles = await SubtitleTrack.ReadAsync(source, trackId: null, cancellationToken).ConfigureAwait(false);
            return new SourceOutline(
            [
                new OutlinedTrack
                {
                    TrackId = 0,
                    Kind = TrackKind.Text,
                    Handler = FourCC.Of("text"u8),
                    SampleEntry = null,
                    Timescale = 1000,
                    Duration = subtitles.Cues.IsEmpty ? TimeSpan.Zero : subtitles.Cues.Max(cue => cue.End),
                },
            ]);
        }
    }

    /// <summary>
    /// Plans the tracks of files that were read before: pictures are <c>v720</c> after their height (a second one of it <c>v720-2</c>), sound is
    /// <c>a0</c>, <c>a1</c> in the order of the files, subtitles <c>s0</c>. The first sound is the default.
    /// </summary>
    public static TrackPlan Of(IEnumerable<(string Path, SourceOutline Outline)> files)
    {
        var all = files.SelectMany(file => file.Outline.Tracks, (file, track) => (file.Path, Track: track)).ToArray();
        var ids = new HashSet<string>();
        var tracks = ImmutableArray.CreateBuilder<PlannedTrack>();
        foreach (var (path, track) in all.Where(entry => entry.Track.Refusal is null).OrderBy(entry => entry.Track.Kind).ThenBy(entry => entry.Track.Video?.Height ?? 0))
        {
            var kind = track.Kind!.Value;
            var id = kind switch
            {
                TrackKind.Video => FreeId($"v{track.Video!.Height}", "-", 2),
                TrackKind.Audio => FreeId(null, "a", 0),
                _ => FreeId(null, "s", 0),
            };
            ids.Add(id);
            tracks.Add(new PlannedTrack(path, new CmafSettings
            {
                Id = id,
                Kind = kind,
                TrackId = track.TrackId == 0 ? null : track.TrackId,
                Language = kind == TrackKind.Video ? null : track.Language,
                IsDefault = kind != TrackKind.Text && !tracks.Any(other => other.Settings.Kind == kind),
            }));
        }

        return new TrackPlan(tracks.ToImmutable(), [.. all.Where(entry => entry.Track.Refusal is not null)]);

        string FreeId(string? first, string prefix, int number)
        {
            var id = first ?? $"{prefix}{number++}";
            while (ids.Contains(id))
                id = $"{first}{prefix}{number++}";
            return id;
        }
    }
}
