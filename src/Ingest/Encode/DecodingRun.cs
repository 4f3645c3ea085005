using Movento.Ingest.Tools;

namespace Movento.Ingest.Encode;

/// <summary>Runs ffmpeg over a source, and turns what went wrong into a verdict.</summary>
internal sealed class DecodingRun(IngestOptions options, ToolRunner tools)
{
    /// <summary>Runs it to its end.</summary>
    /// <param name="arguments">Everything after the tool's name.</param>
    /// <param name="folder">That it works in.</param>
    /// <param name="length">Of the film that it reads, from which its time limit is reckoned.</param>
    /// <param name="tally">Takes what it says.</param>
    /// <param name="onOutputLine">Takes what it writes; null to keep none of it.</param>
    /// <param name="cancellationToken">Kills it with everything that it started.</param>
    /// <exception cref="RejectedException">ffmpeg could not, or not in time: the film's fault, as far as one can tell.</exception>
    /// <exception cref="IOException">The disk is full, which is no fault of the film: it is tried again.</exception>
    /// <exception cref="ToolKilledException">A signal ended ffmpeg.</exception>
    public async Task RunAsync(
        IReadOnlyList<string> arguments, string folder, TimeSpan length, DecodeTally tally, Action<string>? onOutputLine, CancellationToken cancellationToken)
    {
        ToolResult result;
        try
        {
            result = await tools.RunAsync(new ToolRun
            {
                Tool = options.FfmpegPath,
                Arguments = arguments,
                Folder = folder,
                TimeLimit = options.EncodeTimeFloor + length * options.EncodeTimePerMediaTime,
                MemoryBytes = options.ToolMemoryBytes,
                Niceness = options.ToolNiceness,
                OnOutputLine = onOutputLine,
                OnErrorLine = tally.Take,
            }, cancellationToken);
        }
        catch (ToolTimedOutException exception)
        {
            throw new RejectedException(RejectionReason.TimedOut, exception.Message, exception);
        }
        if (result.WasKilled) throw new ToolKilledException("ffmpeg", result.ExitCode);
        if (tally.IsDiskFull) throw new IOException($"There was no room for what ffmpeg wrote in '{folder}'.");
        if (result.ExitCode != 0) throw new RejectedException(RejectionReason.EncodeFailed, tally.Errors);
    }
}
