using Movento.Packager.IsoBmff;

namespace Movento.Packager.Tracks.SampleEntries;

/// <summary>The refusal of a sample entry that is not packaged: what it is, and what to do about it.</summary>
internal static class UnpackagedCodec
{
    private const string Pictures = "encode it to H.264, HEVC, AV1 or VP9";
    private const string Sound = "encode it to AAC, Opus, AC-3 or E-AC-3";

    /// <summary>The error.</summary>
    public static MediaFormatException Error(in BoxReader entry)
    {
        var type = new FourCC(entry.Type).ToString();
        var (name, hint) = type switch
        {
            "encv" or "enca" or "enct" or "drmi" or "drms" => ("already encrypted media", "package the clear one, and have it encrypted on the way"),
            "dva1" or "dvav" or "dav1" => ("Dolby Vision that only its own decoders show", "convert it to profile 8.1 over hvc1, or 10.1 over av01"),
            "vvc1" or "vvi1" => ("H.266", Pictures),
            "vp08" => ("VP8", Pictures),
            "mp4v" => ("MPEG-4 Visual", Pictures),
            "s263" or "h263" => ("H.263", Pictures),
            "apch" or "apcn" or "apcs" or "apco" or "ap4h" or "ap4x" => ("ProRes", Pictures),
            "AVdn" or "AVdh" => ("DNxHD", Pictures),
            "jpeg" or "mjpa" or "mjpb" or "mjpg" => ("Motion JPEG", Pictures),
            "rle " or "png " or "SVQ1" or "SVQ3" or "cvid" or "raw " or "v210" or "2vuy" or "yuv2" => ("a codec of QuickTime's", Pictures),
            ".mp3" => ("MP3", Sound),
            "alac" => ("Apple Lossless", Sound),
            "fLaC" => ("FLAC", Sound),
            "lpcm" or "sowt" or "twos" or "in24" or "in32" or "fl32" or "fl64" or "ipcm" or "fpcm" or "NONE" or "ulaw" or "alaw" => ("uncompressed sound", Sound),
            "samr" or "sawb" => ("AMR", Sound),
            "mlpa" => ("Dolby TrueHD", Sound),
            "ac-4" => ("AC-4", Sound),
            "mha1" or "mhm1" => ("MPEG-H Audio", Sound),
            "dtsc" or "dtse" or "dtsh" or "dtsl" or "dtsx" => ("DTS", Sound),
            "c608" or "c708" => ("CEA closed captions", "extract them to WebVTT"),
            "stpp" => ("TTML subtitles", "convert them to WebVTT"),
            _ => ("an unknown codec", "avc1, avc3, hvc1, hev1, av01, vp09, mp4a, Opus, ac-3 and ec-3 are packaged"),
        };
        return entry.Error(MediaFormatError.Unsupported, $"'{type}' is {name}, which is not packaged: {hint}.");
    }
}
