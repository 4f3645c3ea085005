using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Movento.Packager.Verification;
using Spectre.Console;

namespace Movento.Commands;

/// <summary><c>movento verify URL|FOLDER</c>: a finished presentation, of whatever packager, held against the standards.</summary>
internal static class VerifyCommand
{
    private const int CannotRead = 2;
    private static readonly TimeSpan RequestTimeout = TimeSpan.FromSeconds(30);

    public static Command Create()
    {
        var target = new Argument<string>("URL|FOLDER")
        {
            Description = "A multivariant playlist's or an MPD's URL, such as a playback URL of the edge; a folder; or a manifest in one.",
        };
        var json = new Option<bool>("--json") { Description = "Print the report as JSON." };
        var command = new Command(
            "verify",
            "Read an HLS or DASH presentation back and hold it against the standards; one that still grows is watched until it is whole. Ends with 0: it keeps them; 1: errors were found; 2: it cannot be read.")
        {
            target, json,
        };
        command.SetAction((arguments, _) => RunAsync(arguments.GetRequiredValue(target), arguments.GetValue(json)));
        return command;
    }

    private static async Task<int> RunAsync(string target, bool isJson)
    {
        using var stop = new StopSignal();
        using var handler = HttpSource.CreateHandler();
        using var client = new HttpClient(handler, disposeHandler: false) { Timeout = RequestTimeout };
        try
        {
            var (source, options) = Open(target, client);
            // A film that is still made is watched to its end first.
            var growth = source is HttpSource ? await GrowthVerifier.WatchAsync(source, Watching, stop.Token) : null;
            var report = await PresentationVerifier.VerifyAsync(source, growth is null ? options : new VerificationOptions { Manifests = growth.Manifests }, stop.Token);
            if (growth is { HasGrown: true })
                report = report with { Findings = [.. growth.Findings, .. report.Findings], OmittedFindings = report.OmittedFindings + growth.OmittedFindings };
            if (IsUnreadable(report))
                throw new PresentationSourceException(true, report.Findings[0].Sentence);
            if (isJson) WriteJson(report);
            else WriteTables(report);
            return report.HasErrors ? ExitCode.Failed : ExitCode.Done;
        }
        catch (PresentationSourceException error)
        {
            await Console.Error.WriteLineAsync($"✗ {error.Message}");
            await Console.Error.WriteLineAsync($"  {HintFor(target)}");
            return CannotRead;
        }
        catch (OperationCanceledException) when (stop.Token.IsCancellationRequested)
        {
            await Console.Error.WriteLineAsync("Stopped.");
            return CannotRead;
        }
    }

    private static GrowthOptions Watching => new() { OnGrowing = () => Console.Error.WriteLine("· It still grows: watching it until it is whole.") };

    private static (IPresentationSource Source, VerificationOptions Options) Open(string target, HttpClient client)
    {
        if (Uri.TryCreate(target, UriKind.Absolute, out var url) && url.Scheme is "http" or "https")
            return (new HttpSource(client, url), new VerificationOptions());
        if (target.Contains("://", StringComparison.Ordinal))
            throw new PresentationSourceException(true, $"'{target}' is not an http:// or https:// address.");
        if (File.Exists(target) && Path.GetDirectoryName(Path.GetFullPath(target)) is { } folder)
        {
            var name = Uri.EscapeDataString(Path.GetFileName(target));
            // What lies in the folder of virtual segments names files of the folder around it (docs/formats/urls.md).
            return Path.GetFileName(folder) == "segments" && Path.GetDirectoryName(folder) is { } outer
                ? (new FolderSource(outer), new VerificationOptions { Manifests = [$"segments/{name}"] })
                : (new FolderSource(folder), new VerificationOptions { Manifests = [name] });
        }

        return (new FolderSource(target), new VerificationOptions());
    }

    // Nothing was found wrong but that there is nothing.
    private static bool IsUnreadable(VerificationReport report) =>
        report.Tracks.Count == 0 && report.Findings.Count > 0
        && report.Findings.All(finding => finding.Rule.Id is "source-missing" or "source-empty");

    private static string HintFor(string target) => target.Contains("://", StringComparison.Ordinal)
        ? "A playback URL ends in master.m3u8 or manifest.mpd and lives for some hours: a fresh one comes from the page of the film, or ./movento upload."
        : "Name a folder with a multivariant playlist or an MPD, such as what ./movento package writes, or one of these files.";

    private static void WriteTables(VerificationReport report)
    {
        // Where nobody looks at a terminal, nothing is wrapped.
        if (Console.IsOutputRedirected) AnsiConsole.Profile.Width = 200;
        var tracks = new Table().Border(TableBorder.None);
        foreach (var column in (string[])["[grey]track[/]", "[grey]kind[/]", "[grey]codecs[/]"])
            tracks.AddColumn(new TableColumn(column).NoWrap());
        foreach (var column in (string[])["[grey]segments[/]", "[grey]seconds[/]", "[grey]peak kbit/s[/]", "[grey]average[/]"])
            tracks.AddColumn(new TableColumn(column).RightAligned().NoWrap());
        foreach (var track in report.Tracks)
        {
            tracks.AddRow(
                Markup.Escape(track.Name == track.Manifest ? track.Manifest : $"{track.Manifest} {track.Name}"), track.Kind, Markup.Escape(track.Codecs),
                track.Segments.ToString(CultureInfo.InvariantCulture), track.Duration.TotalSeconds.ToString("0.000", CultureInfo.InvariantCulture),
                (track.PeakBitrate / 1000).ToString("N0", CultureInfo.InvariantCulture), (track.AverageBitrate / 1000).ToString("N0", CultureInfo.InvariantCulture));
        }

        AnsiConsole.Write(tracks);
        AnsiConsole.WriteLine();
        foreach (var finding in report.Findings)
        {
            var mark = finding.Severity == Severity.Error ? "[red]✗[/]" : "[yellow]![/]";
            AnsiConsole.MarkupLine($"{mark} [bold]{finding.Rule.Id}[/] {Markup.Escape(finding.Location.ToString())}");
            AnsiConsole.MarkupLine($"  {Markup.Escape(finding.Sentence)} [grey]{Markup.Escape(finding.Clause)}[/]");
        }

        if (report.OmittedFindings > 0) AnsiConsole.MarkupLine($"[grey]and {report.OmittedFindings} more of the same rules[/]");
        var errors = report.Findings.Count(finding => finding.Severity == Severity.Error);
        var warnings = report.Findings.Count - errors;
        var read = $"[grey]{(report.BytesRead / 1024).ToString("N0", CultureInfo.InvariantCulture)} KiB read; the rules: docs/formats/verification.md[/]";
        AnsiConsole.MarkupLine(errors > 0
            ? $"[red]✗ {Count(errors, "error")}, {Count(warnings, "warning")}[/]  {read}"
            : $"[green]✓ No error by {VerificationRule.All.Length} rules{(warnings > 0 ? $", {Count(warnings, "warning")}" : "")}[/]  {read}");
    }

    private static string Count(int count, string what) => count == 1 ? $"1 {what}" : $"{count} {what}s";

    private static void WriteJson(VerificationReport report)
    {
        using var output = Console.OpenStandardOutput();
        using var json = new Utf8JsonWriter(output, new JsonWriterOptions { Indented = true, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
        json.WriteStartObject();
        json.WriteBoolean("ok", !report.HasErrors);
        json.WriteStartArray("manifests");
        foreach (var manifest in report.Manifests) json.WriteStringValue(manifest);
        json.WriteEndArray();
        json.WriteStartArray("tracks");
        foreach (var track in report.Tracks)
        {
            json.WriteStartObject();
            json.WriteString("manifest", track.Manifest);
            json.WriteString("name", track.Name);
            json.WriteString("kind", track.Kind);
            json.WriteString("codecs", track.Codecs);
            json.WriteNumber("segments", track.Segments);
            json.WriteNumber("durationSeconds", track.Duration.TotalSeconds);
            json.WriteNumber("peakBitrate", track.PeakBitrate);
            json.WriteNumber("averageBitrate", track.AverageBitrate);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteStartArray("findings");
        foreach (var finding in report.Findings)
        {
            json.WriteStartObject();
            json.WriteString("rule", finding.Rule.Id);
            json.WriteString("severity", finding.Severity == Severity.Error ? "error" : "warning");
            json.WriteString("clause", finding.Clause);
            json.WriteString("file", finding.Location.File);
            if (finding.Location.Line is { } line) json.WriteNumber("line", line);
            if (finding.Location.Offset is { } offset) json.WriteNumber("offset", offset);
            if (finding.Location.BoxPath is { } path) json.WriteString("box", path);
            json.WriteString("sentence", finding.Sentence);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteNumber("omittedFindings", report.OmittedFindings);
        json.WriteNumber("bytesRead", report.BytesRead);
        json.WriteEndObject();
        json.Flush();
        output.WriteByte((byte)'\n');
    }
}
