using System.CommandLine;
using Movento.Packager;
using Movento.Packager.Cmaf;
using Movento.Packager.Folders;
using Movento.Packager.Presentations;
using Movento.Packager.Protection;
using Movento.Packager.Tracks;

namespace Movento.Commands;

/// <summary><c>movento package FILE … -o FOLDER</c>: CMAF, HLS and DASH in a folder that any web server can serve, without a running system.</summary>
internal sealed class PackageCommand
{
    private static readonly double[] SegmentSeconds = [0.5, 60];

    private readonly Argument<FileInfo[]> _files = new("FILE")
    {
        Description = "MP4 files, progressive or fragmented: every track of theirs that can be packaged is. Subtitles also as .vtt and .srt.",
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

    private readonly Option<string[]> _language = new("--language") { Description = "A track's BCP 47 tag, such as a0=en (default: the file's own)." };
    private readonly Option<string[]> _label = new("--label") { Description = "What people read in a menu, such as a0=English." };
    private readonly Option<string?> _default = new("--default") { Description = "The sound that plays unasked (default: a0)." };

    private readonly PackageEncryption _encryption = new();

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
            package._files, package._output, package._hls, package._dash, package._segmentDuration, package._segments,
            package._language, package._label, package._default, package._force,
        };
        foreach (var option in package._encryption.Options) command.Options.Add(option);
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
        EncryptionSettings? encryption = null;
        using var stop = new StopSignal();
        try
        {
            var paths = arguments.GetRequiredValue(_files).Select(file => file.FullName).ToArray();
            var plan = await PlanAsync(paths, stop.Token);
            var tracks = Named(plan.Tracks, arguments);
            encryption = _encryption.Read(arguments);
            if (encryption is not null) tracks = [.. tracks.Select(track => Encrypted(track, encryption))];
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
        finally
        {
            foreach (var key in encryption?.Keys ?? []) key.Dispose();
        }
    }

    // Subtitles stay in the clear.
    private static PlannedTrack Encrypted(PlannedTrack track, EncryptionSettings encryption) => track.Settings.Kind == TrackKind.Text
        ? track
        : track with { Settings = track.Settings with { Encryption = encryption } };

    // A file after the other, so that an error can name its own.
    private static async Task<TrackPlan> PlanAsync(string[] paths, CancellationToken cancellationToken)
    {
        var files = new List<(string, SourceOutline)>();
        foreach (var path in paths)
        {
            try
            {
                files.Add((path, await TrackPlan.OutlineAsync(path, cancellationToken)));
            }
            catch (MediaFormatException error)
            {
                throw new PackageException(PackageProblem.Of(path, error));
            }
        }

        var plan = TrackPlan.Of(files);
        if (plan.Tracks.IsEmpty && !plan.Skipped.IsEmpty)
            throw new PackageException(PackageProblem.Of(plan.Skipped[0].Path, plan.Skipped[0].Track.Refusal!));
        if (plan.Tracks.IsEmpty)
            throw new PackageException(new PackageProblem($"{paths[0]}: The file has no tracks.", null));
        if (plan.Tracks.All(track => track.Settings.Kind == TrackKind.Text))
            throw new PackageException(new PackageProblem("There are subtitles alone.", "Name the film as well: subtitles last as long as its pictures or sound."));
        foreach (var (path, track) in plan.Skipped)
            await Console.Error.WriteLineAsync($"! {Path.GetFileName(path)}: track {track.TrackId} is left out: {track.Refusal!.Message}");
        return plan;
    }

    // What the options say about tracks: ID=value, or the value alone for all of them.
    private PlannedTrack[] Named(IEnumerable<PlannedTrack> planned, ParseResult arguments)
    {
        var duration = TimeSpan.FromSeconds(arguments.GetValue(_segmentDuration));
        var tracks = planned.Select(track => track with { Settings = track.Settings with { SegmentDuration = duration } }).ToArray();
        foreach (var (id, language) in Pairs(_language))
            Change(id, settings => settings with { Language = language });
        foreach (var (id, label) in Pairs(_label))
            Change(id, settings => settings with { Name = label });
        if (arguments.GetValue(_default) is { } chosen)
        {
            Change(null, settings => settings with { IsDefault = settings.Kind == TrackKind.Video && settings.IsDefault });
            Change(chosen, settings => settings with { IsDefault = true });
        }

        return tracks;

        IEnumerable<(string? Id, string Value)> Pairs(Option<string[]> option) => (arguments.GetValue(option) ?? []).Select(text =>
            text.IndexOf('=', StringComparison.Ordinal) is var at and > 0 ? (text[..at], text[(at + 1)..]) : ((string?)null, text));

        void Change(string? id, Func<CmafSettings, CmafSettings> change)
        {
            var count = 0;
            for (var number = 0; number < tracks.Length; number++)
            {
                if (id is null ? tracks[number].Settings.Kind == TrackKind.Video : tracks[number].Settings.Id != id) continue;
                tracks[number] = tracks[number] with { Settings = change(tracks[number].Settings) };
                count++;
            }

            if (count == 0 && id is not null)
                throw new PackageException(new PackageProblem($"There is no track '{id}'.", $"The tracks are {string.Join(", ", tracks.Select(track => track.Settings.Id))}."));
        }
    }

    private static void Report(Presentation presentation, string folder, FolderSettings settings)
    {
        foreach (var rendition in presentation.Renditions)
            Person.Line(rendition.Id, $"{rendition.Codecs}, {rendition.Duration:h\\:mm\\:ss\\.fff}, {rendition.Segments.Length} segments, {rendition.AverageBitrate / 1000} kbit/s");
        if (settings.Hls) Person.Line("HLS", Path.Combine(folder, "master.m3u8"));
        if (settings.Dash && File.Exists(Path.Combine(folder, "manifest.mpd"))) Person.Line("DASH", Path.Combine(folder, "manifest.mpd"));
    }
}
