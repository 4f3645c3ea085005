using Movento.Ingest.Tools;

namespace Movento.Ingest.Probe;

/// <summary>Reads an upload from start to end without decoding it: when each packet is shown, and whether the file is whole.</summary>
internal sealed class PacketScan(IngestOptions options, ToolRunner tools)
{
    /// <summary>The most times that are kept, 32 MB of them: nineteen hours at sixty frames a second.</summary>
    public const int MaxPackets = 1 << 22;

    // The disk's speed, however slow: what the time limit is reckoned from. Bytes a second.
    private const double SlowestDisk = 20e6;

    /// <summary>Reads the file <paramref name="name"/> in <paramref name="folder"/>; the table is that of the track <paramref name="stream"/>.</summary>
    /// <exception cref="RejectedException">The file is cut off or damaged, nothing is in the track, or its times cannot be right.</exception>
    public async Task<PacketTable> ScanAsync(string folder, string name, int stream, CancellationToken cancellationToken)
    {
        var damage = new DamageReport();
        var packets = new PacketTally(stream);
        var result = await RunAsync(folder, name, damage, packets, cancellationToken);
        if (result.WasKilled) throw new ToolKilledException("ffprobe", result.ExitCode);
        if (result.ExitCode != 0) throw new RejectedException(RejectionReason.NotMedia, result.ErrorTail);
        if (damage.IsCutOff) throw new RejectedException(RejectionReason.Truncated, damage.First!);
        if (packets.Count == 0) throw new RejectedException(RejectionReason.Truncated, $"Nothing of stream {stream} is in the file.");
        var table = packets.ToTable();
        TimingProof.Demand(table, damage, options);
        return table;
    }

    /// <summary>How long a tool may take that reads the whole file once.</summary>
    public static TimeSpan TimeLimit(IngestOptions options, string path) =>
        options.ProbeTimeLimit + TimeSpan.FromSeconds(new FileInfo(path).Length / SlowestDisk);

    private async Task<ToolResult> RunAsync(
        string folder, string name, DamageReport damage, PacketTally packets, CancellationToken cancellationToken)
    {
        try
        {
            return await tools.RunAsync(new ToolRun
            {
                Tool = options.FfprobePath,
                Arguments =
                [
                    "-hide_banner", "-loglevel", "warning", "-print_format", "csv=p=0",
                    // Of all tracks: what is not asked for, a demuxer skips, and says nothing of the damage in it.
                    "-show_entries", "packet=stream_index,pts,duration,size,flags:stream=index,time_base",
                    .. UntrustedInput.Arguments(name, options.MaxPixels),
                ],
                Folder = folder,
                TimeLimit = TimeLimit(options, Path.Combine(folder, name)),
                MemoryBytes = Math.Min(options.ToolMemoryBytes, MediaProbe.MemoryLimit),
                Niceness = options.ToolNiceness,
                OnOutputLine = packets.Take,
                OnErrorLine = damage.Take,
            }, cancellationToken);
        }
        catch (ToolTimedOutException exception)
        {
            throw new RejectedException(RejectionReason.TimedOut, exception.Message, exception);
        }
    }
}
