using System.Globalization;
using System.Text.Json;
using Movento.Ingest.Ladder;
using Movento.Load.Measure;

namespace Movento.Load.Ladder;

/// <summary>One rung that was encoded, and how it looks at the size of the film.</summary>
/// <param name="Name">Size and, of a fixed rung, its bit rate.</param>
/// <param name="Bitrate">Bits a second on the average, as they came out.</param>
/// <param name="Similarity">SSIM with the film, all planes, after it was scaled up to the film's size as a player does.</param>
/// <param name="Vmaf">From the <c>vmaf</c> executable, where there is one.</param>
internal sealed record MeasuredRung(string Name, double Bitrate, double Similarity, double? Vmaf)
{
    // Every so manyth picture says what all of them say, and a seventh is at another place in each group of pictures of 48, 50 or 60.
    private const int Step = 7;

    /// <summary>Measures encoded rungs beside the film that they were made of, which is decoded once for all of them.</summary>
    public static async Task<IReadOnlyList<MeasuredRung>> OfAsync(
        IReadOnlyList<(Rung Rung, string File)> rungs, string film, (int Width, int Height) size, double seconds, string folder, CancellationToken cancellationToken)
    {
        var scaled = string.Create(CultureInfo.InvariantCulture, $"scale={size.Width}:{size.Height}:flags=bicubic,setsar=1,format=yuv420p,settb=1/1000,setpts=N*40");
        var picked = string.Create(CultureInfo.InvariantCulture, $"select='not(mod(n,{Step}))',{scaled}");
        var films = string.Concat(rungs.Select((_, number) => $"[film{number}]"));
        await PeerProcess.RunAsync(
            [
                "ffmpeg", "-hide_banner", "-nostdin", "-v", "error", "-i", film, .. rungs.SelectMany(rung => (string[])["-i", rung.File]), "-filter_complex",
                $"[0:v:0]{picked},split={rungs.Count}{films};" + string.Join(';', rungs.Select((_, number) =>
                    $"[{number + 1}:v:0]{picked}[rung{number}];[rung{number}][film{number}]ssim=stats_file=ssim-{number}.txt[out{number}]")),
                .. rungs.SelectMany((_, number) => (string[])["-map", $"[out{number}]", "-fps_mode", "passthrough", "-f", "null", "-"]),
            ],
            folder, cancellationToken);
        var measured = new List<MeasuredRung>();
        foreach (var ((rung, file), number) in rungs.Select((rung, number) => (rung, number)))
        {
            // "n:1 Y:0.98 U:0.99 V:0.99 All:0.98 (18.7)"
            var similarity = File.ReadLines(Path.Combine(folder, $"ssim-{number}.txt"))
                .Average(line => double.Parse(line.Split("All:")[1].Split(' ')[0], CultureInfo.InvariantCulture));
            var vmaf = HasVmaf ? await VmafAsync(file, film, scaled, folder, cancellationToken) : (double?)null;
            measured.Add(new($"{rung.Width}x{rung.Height}", new FileInfo(file).Length * 8 / seconds, similarity, vmaf));
        }
        return measured;
    }

    private static bool HasVmaf { get; } =
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Any(folder => File.Exists(Path.Combine(folder, "vmaf")));

    // Netflix' tool reads raw pictures; they go away at once.
    private static async Task<double> VmafAsync(string file, string film, string scaled, string folder, CancellationToken cancellationToken)
    {
        var (reference, distorted, report) = (Path.Combine(folder, "film.y4m"), Path.Combine(folder, "rung.y4m"), Path.Combine(folder, "vmaf.json"));
        try
        {
            foreach (var (input, output) in new[] { (film, reference), (file, distorted) })
            {
                await PeerProcess.RunAsync(
                    ["ffmpeg", "-hide_banner", "-nostdin", "-v", "error", "-y", "-i", input, "-map", "0:v:0", "-vf", $"{scaled}", "-f", "yuv4mpegpipe", output],
                    folder, cancellationToken);
            }
            await PeerProcess.RunAsync(["vmaf", "-r", reference, "-d", distorted, "--json", "-o", report, "--threads", "2"], folder, cancellationToken);
            using var json = JsonDocument.Parse(await File.ReadAllBytesAsync(report, cancellationToken));
            return json.RootElement.GetProperty("pooled_metrics").GetProperty("vmaf").GetProperty("mean").GetDouble();
        }
        finally
        {
            File.Delete(reference);
            File.Delete(distorted);
        }
    }
}
