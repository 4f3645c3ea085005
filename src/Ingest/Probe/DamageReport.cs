namespace Movento.Ingest.Probe;

/// <summary>What a tool's warnings say about the file: the demuxers know that a file is cut off, and only print it.</summary>
internal sealed class DamageReport
{
    // libavformat/mov.c, matroskadec.c, avidec.c and utils, 5.1 to 7: the file ends inside of a packet or of the index.
    private static readonly string[] CutOff = ["partial file", "File ended prematurely", "moov atom not found", "Truncating packet"];

    // libavformat/demux.c, mpegts.c and matroskadec.c, libavcodec/h2645_parse.c, 5.1 to 7: something inside is missing, or is not what it should be; reading goes on after it.
    private static readonly string[] Torn =
    [
        "Packet corrupt (stream", "PES packet size mismatch", "max resync size reached", "invalid as first byte of an EBML number",
        "exceeds containing master element", "exceeds max length", "Unknown-sized element", "Invalid track number", "Invalid NAL unit size",
    ];

    /// <summary>How often a demuxer met damage and went on after it.</summary>
    public long Tears { get; private set; }

    /// <summary>Whether the file ends before it says it does.</summary>
    public bool IsCutOff { get; private set; }

    /// <summary>Whether a decoder refused to open for the size of its pictures.</summary>
    public bool TooManyPixels { get; private set; }

    /// <summary>Whether the demuxer gave up counting tracks.</summary>
    public bool TooManyTracks { get; private set; }

    /// <summary>The line that said one of these.</summary>
    public string? First { get; private set; }

    /// <summary>The line that told of damage first.</summary>
    public string? FirstTear { get; private set; }

    /// <summary>Takes one line of a tool's standard error.</summary>
    public void Take(string line)
    {
        var cutOff = CutOff.Any(words => line.Contains(words, StringComparison.Ordinal));
        // libavutil/imgutils.c av_image_check_size2 and libavcodec/decode.c, under -max_pixels.
        var tooMany = line.Contains("exceeds specified max pixel count", StringComparison.Ordinal);
        // libavformat/utils.c and options.c avformat_new_stream, under -max_streams.
        var tracks = line.Contains("exceeds max_streams", StringComparison.Ordinal);
        if (Torn.Any(words => line.Contains(words, StringComparison.Ordinal)))
        {
            Tears++;
            FirstTear ??= line;
        }
        IsCutOff |= cutOff;
        TooManyPixels |= tooMany;
        TooManyTracks |= tracks;
        if (cutOff || tooMany || tracks) First ??= line;
    }
}
