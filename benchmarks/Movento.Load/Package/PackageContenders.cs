using Movento.Harness;
using Movento.Load.Contest;
using Movento.Load.Measure;
using Movento.Load.Pipeline;

namespace Movento.Load.Package;

/// <summary>The commands that are compared, each into a folder that is empty before it starts.</summary>
internal static class PackageContenders
{
    /// <summary>As <c>./movento package</c> starts it.</summary>
    public static Contender Movento(string input, string folder) => Of(
        "Movento", input, folder,
        "env", "DOTNET_TieredPGO=0", "dotnet", Repository.Combine("src", "Movento", "bin", "Release", "net10.0", "movento.dll"),
        "package", input, "-o", ".", "--hls", "--dash", "--segment-duration", "4");

    /// <summary>One fragmented file for each track, HLS and DASH.</summary>
    public static IEnumerable<Contender> Shaka(string input, string folder) =>
    [
        Of("Shaka Packager", input, folder,
            Repository.Combine("tests", "npm", "node_modules", "shaka-packager", "bin", "packager-linux-x64"), "--quiet",
            $"in={input},stream=video,output=v.mp4,playlist_name=v.m3u8,iframe_playlist_name=v.iframes.m3u8",
            $"in={input},stream=audio,output=a.mp4,playlist_name=a.m3u8,hls_group_id=audio,hls_name=a",
            "--segment_duration", "4", "--hls_master_playlist_output", "master.m3u8", "--mpd_output", "manifest.mpd"),
    ];

    /// <summary>ffmpeg writes HLS or DASH, not both at once.</summary>
    public static IEnumerable<Contender> Ffmpeg(string input, string folder) =>
    [
        Of("ffmpeg -f hls", input, folder,
            "ffmpeg", "-v", "error", "-nostdin", "-i", input, "-map", "0", "-c", "copy", "-f", "hls", "-hls_segment_type", "fmp4",
            "-hls_flags", "single_file", "-hls_playlist_type", "vod", "-hls_time", "4", "master.m3u8"),
        Of("ffmpeg -f dash", input, folder,
            "ffmpeg", "-v", "error", "-nostdin", "-i", input, "-map", "0", "-c", "copy", "-f", "dash", "-single_file", "1", "-seg_duration", "4", "manifest.mpd"),
    ];

    /// <summary>The floor: the same bytes, none of them looked at.</summary>
    public static IEnumerable<Contender> Copy(string input, string folder) => [Of("cp", input, folder, "cp", input, "copy.mp4")];

    private static Contender Of(string name, string input, string folder, params string[] command) =>
        new(name, HandWrittenFfmpeg.Shown(command), [], async cancellationToken =>
        {
            await PeerProcess.RunAsync(command, folder, cancellationToken);
            return Directory.EnumerateFiles(folder, "*.m*", SearchOption.AllDirectories)
                .Where(path => Path.GetExtension(path) is ".mp4" or ".m4s")
                .Sum(path => new FileInfo(path).Length);
        })
        {
            // Equal starts: nothing of another run waits for the disk, the input is in the page cache, and there is memory for twice as many bytes.
            // A virtual machine has to ask its host for memory that it has not used for some seconds, which takes longer than all that is measured here.
            Prepare = async cancellationToken =>
            {
                Directory.Delete(folder, recursive: true);
                Directory.CreateDirectory(folder);
                await PeerProcess.RunAsync(["sync"], folder, cancellationToken);
                foreach (var warm in (string[])["warm1", "warm2"])
                    await PeerProcess.RunAsync(["cp", input, warm], folder, cancellationToken);
                File.Delete(Path.Combine(folder, "warm1"));
                File.Delete(Path.Combine(folder, "warm2"));
            },
            IsOneProcess = true,
        };
}
