using System.CommandLine;
using Movento.Packager.Folders;
using Movento.Packager.Presentations;
using Spectre.Console;

namespace Movento.Commands;

/// <summary><c>movento package FILE … -o FOLDER</c>: CMAF, HLS and DASH in a folder that any web server can serve, without a running system.</summary>
internal sealed class PackageCommand
{
    private static readonly double[] SegmentSeconds = [0.5, 60];

    private readonly Argument<FileInfo[]> _files = new("FILE")
    {
        Description = "MP4 files, progressive or fragmented; every track of theirs that can be packaged is.",
        Arity = ArgumentArity.OneOrMore,
    };

    private readonly Option<string> _output = new("--output", "-o") { Description = "The folder to be written.", Required = true };
    private readonly Option<bool> _hls = new("--hls") { Description = "HLS (default: HLS and DASH)." };
    private readonly Option<bool> _dash = new("--dash") { Description = "DASH (default: HLS and DASH)." };
    private readonly Option<bool> _segments = new("--segments") { Description = "Write segments as files of their own too, with the manifests that name them." };
    private readonly Option<bool> _force = new("--force") { Description = "Write into a folder that has something in it." };

    private readonly Option<double> _segmentDuration = new("--segment-duration")
    {
        Description = "Seconds after which a segment ends at the next sync sample.",
        DefaultValueFactory = _ => 4,
    };

    private PackageCommand() => _segmentDuration.Validators.Add(result =>
    {
        if (result.GetValueOrDefault<double>() is var seconds && !(seconds >= SegmentSeconds[0] && seconds <= SegmentSeconds[1]))
            result.AddError($"--segment-duration takes {SegmentSeconds[0]} to {SegmentSeconds[1]} seconds.");
    });

    public static Command Create()
    {
        var package = new PackageCommand();
        var command = new Command("package", "Package MP4 files as CMAF with HLS and DASH into a folder that any web server can serve.")
        {
            package._files, package._output, package._hls, package._dash, package._segmentDuration, package._segments, package._force,
        };
        command.SetAction((arguments, _) => package.RunAsync(arguments));
        return command;
    }

    private async Task<int> RunAsync(ParseResult arguments)
    {
        var folder = arguments.GetRequiredValue(_output);
        var (hls, dash) = (arguments.GetValue(_hls), arguments.GetValue(_dash));
        var settings = new FolderSettings
        {
            Hls = hls || !dash,
            Dash = dash || !hls,
            Segments = arguments.GetValue(_segments),
            Replace = arguments.GetValue(_force),
        };
        using var stop = new StopSignal();
        try
        {
            var paths = arguments.GetRequiredValue(_files).Select(file => file.FullName).ToArray();
            var tracks = await TrackPlan.ReadAsync(paths, TimeSpan.FromSeconds(arguments.GetValue(_segmentDuration)), stop.Token);
            var presentation = await PackageProgress.RunAsync(
                paths, progress => FolderPackager.PackageAsync(tracks, folder, settings, progress, stop.Token));
            Report(presentation, folder, settings);
            return ExitCode.Done;
        }
        catch (Exception error) when (PackageProblem.Of(error) is { } problem)
        {
            await problem.WriteAsync(Console.Error);
            return ExitCode.Failed;
        }
        catch (OperationCanceledException) when (stop.Token.IsCancellationRequested)
        {
            await Console.Error.WriteLineAsync("Stopped; nothing was written.");
            return ExitCode.Failed;
        }
    }

    private static void Report(Presentation presentation, string folder, FolderSettings settings)
    {
        foreach (var rendition in presentation.Renditions)
            Person.Line(rendition.Id, $"{rendition.Codecs}, {rendition.Duration:h\\:mm\\:ss\\.fff}, {rendition.Segments.Length} segments, {rendition.AverageBitrate / 1000} kbit/s");
        if (settings.Hls) Person.Line("HLS", Path.Combine(folder, "master.m3u8"));
        if (settings.Dash) Person.Line("DASH", Path.Combine(folder, "manifest.mpd"));
    }
}
