using System.Globalization;
using System.Text.RegularExpressions;
using Movento.Harness;
using Movento.Ingest;
using Movento.Load.Contest;
using Movento.Load.Measure;

namespace Movento.Load.Pipeline;

/// <summary>
/// The command that somebody who knows ffmpeg writes for the same ladder: one decode, every rung and track, straight to HLS with
/// one fragmented MP4 each. Filters, encoders and their settings are taken from the receipt of our own run, so that they cannot drift
/// apart; our limits for untrusted files, progress and packaging are left out.
/// </summary>
internal static partial class HandWrittenFfmpeg
{
    public static IReadOnlyList<string> Command(string input, PublishedVersion ours)
    {
        List<string> command = ["ffmpeg", "-hide_banner", "-nostdin", "-loglevel", "error", "-y", "-i", input];
        foreach (var run in ours.Pictures.Concat(ours.Sound))
            command.AddRange(Outputs(run));
        return command;
    }

    // What stands behind our input, without what only a chunk or our packaging needs.
    private static IEnumerable<string> Outputs(IReadOnlyList<string> ours)
    {
        for (var i = ours.ToList().IndexOf("-i") + 2; i < ours.Count; i++)
        {
            switch (ours[i])
            {
                // The stretch: all of the film here.
                case "-filter_complex":
                    yield return ours[i++];
                    yield return PickedFrames().Replace(ours[i], "");
                    break;
                // Keyframes at the same times, however long the film is.
                case "-force_key_frames":
                    yield return ours[i++];
                    yield return string.Create(
                        CultureInfo.InvariantCulture, $"expr:gte(t,n_forced*{new IngestOptions().KeyframeInterval.TotalSeconds})");
                    break;
                // One process has all processors; the HLS muxer has its own ways with the rest.
                case "-threads" or "-video_track_timescale" or "-movie_timescale" or "-movflags" or "-frag_duration" or "-flush_packets" or "-fflags" or "-f":
                    i++;
                    break;
                case "-y":
                    break;
                case var output when output.StartsWith("file:", StringComparison.Ordinal):
                    foreach (var argument in (string[])
                    [
                        "-f", "hls", "-hls_segment_type", "fmp4", "-hls_flags", "single_file", "-hls_playlist_type", "vod",
                        "-hls_time", new IngestOptions().SegmentDuration.TotalSeconds.ToString(CultureInfo.InvariantCulture),
                        $"{RenditionOf(output)}.m3u8",
                    ])
                        yield return argument;
                    break;
                default:
                    yield return ours[i];
                    break;
            }
        }
    }

    // "file:c0007-v720.mp4" and "file:a0-sound.mp4"
    private static string RenditionOf(string output)
    {
        var name = Path.GetFileNameWithoutExtension(output["file:".Length..]);
        return name.EndsWith("-sound", StringComparison.Ordinal) ? name[..^"-sound".Length] : name[(name.IndexOf('-', StringComparison.Ordinal) + 1)..];
    }

    [GeneratedRegex(@"settb=1/\d+,(?:trim=[^,]+,)?setpts=PTS-\(?-?\d+\)?,")]
    private static partial Regex PickedFrames();

    public static Contender Contender(IReadOnlyList<string> command, string folder) => new("ffmpeg", Shown(command), [], async cancellationToken =>
    {
        foreach (var file in Directory.GetFiles(folder))
            File.Delete(file);
        await PeerProcess.RunAsync(command, folder, cancellationToken);
        return Directory.GetFiles(folder).Where(path => !path.EndsWith(".m3u8", StringComparison.Ordinal)).Sum(path => new FileInfo(path).Length);
    });

    /// <summary>Demands that both sides made the same frames: a comparison of different work would say nothing.</summary>
    public static async Task DemandSameFramesAsync(PublishedVersion ours, string folder)
    {
        foreach (var (rendition, frames) in ours.Frames.Where(entry => entry.Key.StartsWith('v')))
        {
            var count = await Tool.OutputAsync("ffprobe", "-v", "error", "-count_packets", "-show_entries", "stream=nb_read_packets",
                "-of", "csv=p=0", Path.Combine(folder, rendition + ".m3u8"));
            var peers = long.Parse(count.Split('\n')[0].Trim().TrimEnd(','), CultureInfo.InvariantCulture);
            if (peers != frames)
                throw new InvalidOperationException($"{rendition}: we made {frames} frames, ffmpeg alone {peers}.");
        }
    }

    /// <summary>As a shell would take it.</summary>
    public static string Shown(IReadOnlyList<string> command) => string.Join(' ', command.Select(word =>
        word.All(letter => char.IsAsciiLetterOrDigit(letter) || "-_./:=+,".Contains(letter)) && word.Length > 0
            ? word : $"'{word.Replace("'", @"'\''", StringComparison.Ordinal)}'"));
}
