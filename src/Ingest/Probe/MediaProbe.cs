using System.Text.Json;
using Movento.Ingest.Tools;

namespace Movento.Ingest.Probe;

/// <summary>Looks into an upload without trusting it: facts or a rejection.</summary>
internal sealed class MediaProbe(IngestOptions options, ToolRunner tools)
{
    /// <summary>
    /// Packets that it reads after the headers, of all tracks together: which tracks are there at all is known then, whatever the header says.
    /// The largest that are usual, of ProRes 4444 at 2160p, make them 1 GB.
    /// </summary>
    public const int PacketsRead = 256;

    /// <summary>The address space of a tool that decodes nothing but a track's first pictures, in bytes.</summary>
    public const long MemoryLimit = 1L << 30;

    /// <summary>
    /// Probes the file <paramref name="name"/> in <paramref name="folder"/>: its headers and its first <see cref="PacketsRead"/> packets, however long
    /// it is. That it is whole is known only after <see cref="PacketScan"/>.
    /// </summary>
    /// <exception cref="RejectedException">It cannot become a presentation.</exception>
    public async Task<MediaFacts> ProbeAsync(string folder, string name, CancellationToken cancellationToken)
    {
        var path = Path.Combine(folder, name);
        if (new FileInfo(path).Length > options.MaxUploadBytes)
            throw new RejectedException(RejectionReason.TooLarge, $"More than {options.MaxUploadBytes} bytes.");

        var boxes = Mp4Outline.Read(path);
        if (boxes.IsCutOff) throw new RejectedException(RejectionReason.Truncated, boxes.What);
        var transport = TransportOutline.Read(path);
        if (transport.IsCutOff) throw new RejectedException(RejectionReason.Truncated, transport.What);

        var damage = new DamageReport();
        var result = await RunAsync(folder, name, damage, cancellationToken);
        if (result.WasKilled) throw new ToolKilledException("ffprobe", result.ExitCode);
        if (damage.TooManyPixels) throw new RejectedException(RejectionReason.TooManyPixels, damage.First!);
        if (damage.TooManyTracks) throw new RejectedException(RejectionReason.TooManyTracks, damage.First!);
        if (result.ExitCode != 0) throw new RejectedException(RejectionReason.NotMedia, result.ErrorTail);
        if (damage.IsCutOff) throw new RejectedException(RejectionReason.Truncated, damage.First!);

        var report = JsonSerializer.Deserialize(result.Output, FfprobeJson.Default.FfprobeReport)
            ?? throw new RejectedException(RejectionReason.NotMedia, "ffprobe reported nothing.");
        return FactsReader.Read(report, options);
    }

    private async Task<ToolResult> RunAsync(string folder, string name, DamageReport damage, CancellationToken cancellationToken)
    {
        try
        {
            return await tools.RunAsync(new ToolRun
            {
                Tool = options.FfprobePath,
                Arguments =
                [
                    "-hide_banner", "-loglevel", "warning", "-print_format", "json",
                    "-show_format", "-show_streams", "-show_chapters", "-count_packets", "-read_intervals", $"%+#{PacketsRead}",
                    .. UntrustedInput.Arguments(name, options.MaxPixels),
                ],
                Folder = folder,
                TimeLimit = options.ProbeTimeLimit,
                MemoryBytes = Math.Min(options.ToolMemoryBytes, MemoryLimit),
                Niceness = options.ToolNiceness,
                OnErrorLine = damage.Take,
            }, cancellationToken);
        }
        catch (ToolTimedOutException exception)
        {
            throw new RejectedException(RejectionReason.TimedOut, exception.Message, exception);
        }
        catch (ToolOutputTooLargeException exception)
        {
            // A track takes 2 KB of the report.
            throw new RejectedException(RejectionReason.TooManyTracks, exception.Message, exception);
        }
    }
}
