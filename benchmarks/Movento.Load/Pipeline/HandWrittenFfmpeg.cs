using System.Globalization;
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
internal static class HandWrittenFfmpeg
{
    public static IReadOnlyList<string> Command(string input, IReadOnlyList<string> ours)
    {
        List<string> command = ["ffmpeg", "-hide_banner", "-nostdin", "-loglevel", "error", "-y", "-i", input];
        for (var i = ours.ToList().IndexOf("-i") + 2; i < ours.Count; i++)
        {
            switch (ours[i])
            {
                // Only the MP4 muxer knows it.
                case "-video_track_timescale":
                    i++;
                    break;

                // "-f mp4 … file:v720.mp4", the end of each of our outputs.
                case "-f":
                    i++;
                    break;
                case "-y":
                    break;
                case var output when output.StartsWith("file:", StringComparison.Ordinal):
                    command.AddRange(
                    [
                        "-f", "hls", "-hls_segment_type", "fmp4", "-hls_flags", "single_file", "-hls_playlist_type", "vod",
                        "-hls_time", new IngestOptions().SegmentDuration.TotalSeconds.ToString(CultureInfo.InvariantCulture),
                        Path.ChangeExtension(output["file:".Length..], "m3u8"),
                    ]);
                    break;
                default:
                    command.Add(ours[i]);
                    break;
            }
        }

        return command;
    }

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
