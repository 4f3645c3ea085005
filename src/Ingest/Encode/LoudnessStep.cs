using System.Collections.Immutable;
using System.Globalization;
using System.Text.RegularExpressions;
using Movento.Ingest.Tools;

namespace Movento.Ingest.Encode;

/// <summary>
/// The first of two passes where an operator wants a loudness: each output's mix is decoded and measured by ffmpeg's ebur128, and nothing is encoded.
/// </summary>
internal sealed partial class LoudnessStep(IngestOptions options, ToolRunner tools)
{
    /// <summary>The outputs, each with its gain; unchanged where no loudness is wanted, and then nothing is read.</summary>
    /// <exception cref="RejectedException">ffmpeg could not decode the sound, or not in time.</exception>
    /// <exception cref="ToolKilledException">A signal ended ffmpeg.</exception>
    public async Task<ImmutableArray<AudioOutput>> MeasureAsync(
        ImmutableArray<AudioOutput> outputs, string folder, TimeSpan duration, CancellationToken cancellationToken)
    {
        if (options.LoudnessTarget is not { } target) return outputs;
        var measured = ImmutableArray.CreateBuilder<AudioOutput>(outputs.Length);
        foreach (var output in outputs)
            measured.Add(output with { Loudness = LoudnessGain.For(await MeasureAsync(output, folder, duration, cancellationToken), target) });
        return measured.MoveToImmutable();
    }

    private async Task<LoudnessMeasure> MeasureAsync(AudioOutput output, string folder, TimeSpan duration, CancellationToken cancellationToken)
    {
        // One channel is played by two speakers: it is 3 LU louder than BS.1770 says of it alone.
        var mono = output.Channels == 1 ? ":dualmono=true" : "";
        try
        {
            var result = await tools.RunAsync(new ToolRun
            {
                Tool = options.FfmpegPath,
                Arguments =
                [
                    "-hide_banner", "-nostdin", "-nostats", "-loglevel", "level+info",
                    .. UntrustedInput.DecodingArguments(EncodePlan.SourceName, options.MaxPixels),
                    "-map", string.Create(CultureInfo.InvariantCulture, $"0:{output.Track.Stream}"),
                    "-af", $"{AudioArguments.MixFilters(output)},ebur128=peak=true:framelog=verbose{mono}", "-f", "null", "-",
                ],
                Folder = folder,
                TimeLimit = options.EncodeTimeFloor + duration * options.EncodeTimePerMediaTime,
                MemoryBytes = options.ToolMemoryBytes,
                Niceness = options.ToolNiceness,
            }, cancellationToken);
            if (result.WasKilled) throw new ToolKilledException("ffmpeg", result.ExitCode);
            return result.ExitCode == 0 && Read(result.ErrorTail) is { } measure
                ? measure
                : throw new RejectedException(RejectionReason.EncodeFailed, $"The loudness of stream {output.Track.Stream}: {result.ErrorTail}");
        }
        catch (ToolTimedOutException exception)
        {
            throw new RejectedException(RejectionReason.TimedOut, exception.Message, exception);
        }
    }

    /// <summary>Reads the summary that ebur128 writes at its end; null where there is none.</summary>
    internal static LoudnessMeasure? Read(string log)
    {
        var (integrated, range, peak) = (Integrated().Match(log), Range().Match(log), Peak().Match(log));
        return integrated.Success && range.Success && peak.Success
            ? new LoudnessMeasure(Number(integrated), Number(range), Number(peak))
            : null;
    }

    // JSON has no infinity.
    private static double Number(Match match) =>
        match.Groups[1].Value is "-inf" or "nan" ? LoudnessMeasure.Silence : double.Parse(match.Groups[1].ValueSpan, NumberStyles.Float, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"\bI: +(-?[0-9]{1,4}\.[0-9]{1,3}|-inf|nan) LUFS", RegexOptions.CultureInvariant)]
    private static partial Regex Integrated();

    [GeneratedRegex(@"\bLRA: +(-?[0-9]{1,4}\.[0-9]{1,3}|-inf|nan) LU\b", RegexOptions.CultureInvariant)]
    private static partial Regex Range();

    [GeneratedRegex(@"\bPeak: +(-?[0-9]{1,4}\.[0-9]{1,3}|-inf|nan) dBFS", RegexOptions.CultureInvariant)]
    private static partial Regex Peak();
}
