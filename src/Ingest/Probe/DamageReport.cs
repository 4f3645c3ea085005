namespace Movento.Ingest.Probe;

/// <summary>What a tool's warnings say about the file: the demuxers know that a file is cut off, and only print it.</summary>
internal sealed class DamageReport
{
    // libavformat/mov.c, matroskadec.c, avidec.c and utils, 5.1 to 7: the file ends inside of a packet or of the index.
    private static readonly string[] CutOff = ["partial file", "File ended prematurely", "moov atom not found", "Truncating packet"];

    /// <summary>Whether the file ends before it says it does.</summary>
    public bool IsCutOff { get; private set; }

    /// <summary>Whether a decoder refused to open for the size of its pictures.</summary>
    public bool TooManyPixels { get; private set; }

    /// <summary>The line that said so.</summary>
    public string? First { get; private set; }

    /// <summary>Takes one line of a tool's standard error.</summary>
    public void Take(string line)
    {
        var cutOff = CutOff.Any(words => line.Contains(words, StringComparison.Ordinal));
        // libavutil/imgutils.c av_image_check_size2 and libavcodec/decode.c, under -max_pixels.
        var tooMany = line.Contains("exceeds specified max pixel count", StringComparison.Ordinal);
        IsCutOff |= cutOff;
        TooManyPixels |= tooMany;
        if (cutOff || tooMany) First ??= line;
    }
}
