using System.Text;
using System.Text.Unicode;
using Movento.Packager;
using Movento.Packager.Subtitles;

namespace Movento.Ingest.Subtitles.Sidecars;

/// <summary>The text of an uploaded file in UTF-8, and what it was in.</summary>
/// <param name="Bytes">UTF-8 without a byte order mark.</param>
/// <param name="Encoding"><c>utf-8</c>, <c>utf-16le</c>, <c>utf-16be</c> or <c>windows-1252</c>.</param>
internal sealed record SidecarText(byte[] Bytes, string Encoding)
{
    /// <summary>What a text is taken for that is not Unicode: what most SubRip of western languages is in.</summary>
    public const string Guess = "windows-1252";

    /// <summary>
    /// Recognises the encoding: a byte order mark; else UTF-16 where every second byte of the beginning is zero, as in digits and arrows; else UTF-8 where
    /// it is valid; else Windows-1252. Then reads it with the packager's own reader.
    /// </summary>
    /// <exception cref="MediaFormatException">It is neither WebVTT nor SubRip, or above <see cref="SubtitleLimits"/>.</exception>
    public static SidecarText Read(ReadOnlySpan<byte> file)
    {
        var text = Decode(file);
        var track = SubtitleTrack.Read(text.Bytes);
        return track.Cues.IsEmpty
            ? throw new MediaFormatException(MediaFormatError.Invalid, "", 0, "It has no cue that can be shown.")
            : text;
    }

    private static SidecarText Decode(ReadOnlySpan<byte> file)
    {
        if (file.StartsWith((ReadOnlySpan<byte>)[0xEF, 0xBB, 0xBF])) file = file[3..];
        else if (file.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xFE])) return Transcoded(file[2..], System.Text.Encoding.Unicode, "utf-16le");
        else if (file.StartsWith((ReadOnlySpan<byte>)[0xFE, 0xFF])) return Transcoded(file[2..], System.Text.Encoding.BigEndianUnicode, "utf-16be");
        else if (HasZeros(file, 1)) return Transcoded(file, System.Text.Encoding.Unicode, "utf-16le");
        else if (HasZeros(file, 0)) return Transcoded(file, System.Text.Encoding.BigEndianUnicode, "utf-16be");
        return Utf8.IsValid(file)
            ? new SidecarText(file.ToArray(), "utf-8")
            : Transcoded(file, CodePagesEncodingProvider.Instance.GetEncoding(1252)!, Guess);
    }

    private static SidecarText Transcoded(ReadOnlySpan<byte> file, Encoding encoding, string name) =>
        new(System.Text.Encoding.UTF8.GetBytes(encoding.GetString(file)), name);

    // "1\r\n00:00:01,000 -->" in UTF-16: no other encoding of text has a zero in it.
    private static bool HasZeros(ReadOnlySpan<byte> file, int at)
    {
        const int Looked = 8;
        if (file.Length < Looked) return false;
        for (var i = at; i < Looked; i += 2)
        {
            if (file[i] != 0) return false;
        }
        return true;
    }
}
