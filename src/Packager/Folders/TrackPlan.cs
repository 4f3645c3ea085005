using System.Collections.Immutable;
using Movento.Packager.Cmaf;
using Movento.Packager.Presentations;
using Movento.Packager.Tracks;

namespace Movento.Packager.Folders;

/// <summary>What to package of files where nobody says more: every track, under ids and with names that follow from the tracks.</summary>
public static class TrackPlan
{
    /// <summary>Reads the headers of the files and plans their tracks: pictures from the lowest to the highest, then sound.</summary>
    /// <param name="paths">MP4 files.</param>
    /// <param name="segmentDuration">See <see cref="CmafSettings.SegmentDuration"/>.</param>
    /// <exception cref="MediaFormatException">A file cannot be packaged.</exception>
    public static async Task<ImmutableArray<PlannedTrack>> ReadAsync(
        IReadOnlyList<string> paths, TimeSpan segmentDuration, CancellationToken cancellationToken)
    {
        var (pictures, sound) = (new List<(PlannedTrack Track, int Height)>(), new List<PlannedTrack>());
        foreach (var path in paths)
        {
            var source = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read);
            await using (source.ConfigureAwait(false))
            {
                var found = 0;
                foreach (var kind in (TrackKind[])[TrackKind.Video, TrackKind.Audio])
                {
                    try
                    {
                        using var track = await SourceFile.ReadTrackAsync(source, kind, null, cancellationToken).ConfigureAwait(false);
                        var settings = new CmafSettings { Id = "", Kind = kind, SegmentDuration = segmentDuration, Language = LanguageOf(track) };
                        if (kind == TrackKind.Video)
                            pictures.Add((new PlannedTrack(path, settings), track.Entry!.Video!.Height));
                        else
                            sound.Add(new PlannedTrack(path, settings));
                        found++;
                    }
                    catch (MediaFormatException error) when (error.Error == MediaFormatError.Missing && (kind == TrackKind.Video || found > 0))
                    {
                        // A file of sound alone, or of pictures alone.
                    }
                }
            }
        }

        var plan = ImmutableArray.CreateBuilder<PlannedTrack>();
        foreach (var (track, height) in pictures.OrderBy(entry => entry.Height))
        {
            var others = plan.Count(other => other.Settings.Id == $"v{height}" || other.Settings.Id.StartsWith($"v{height}-", StringComparison.Ordinal));
            plan.Add(track with { Settings = track.Settings with { Id = others == 0 ? $"v{height}" : $"v{height}-{others + 1}", IsDefault = plan.Count == 0 } });
        }

        for (var number = 0; number < sound.Count; number++)
            plan.Add(sound[number] with { Settings = sound[number].Settings with { Id = $"a{number}", IsDefault = number == 0 } });
        return plan.ToImmutable();
    }

    private static string? LanguageOf(SourceTrack track)
    {
        Span<char> letters = stackalloc char[3];
        for (var index = 0; index < 3; index++)
            letters[index] = (char)(0x60 + (track.Media.Language >> (10 - 5 * index) & 0x1f));
        return track.Media.Language is 0 or IsoBmff.Boxes.Mdhd.Undetermined ? null : new string(letters);
    }
}
