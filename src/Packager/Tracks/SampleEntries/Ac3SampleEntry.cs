using Movento.Packager.Codecs;
using Movento.Packager.IsoBmff;
using Movento.Packager.Presentations;

namespace Movento.Packager.Tracks.SampleEntries;

/// <summary>AC-3 (ac-3) and E-AC-3 (ec-3): ETSI TS 102 366 §F.3 and §F.5. Their four characters are their codec strings.</summary>
internal static class Ac3SampleEntry
{
    /// <summary>Reads the body.</summary>
    public static SampleEntry Read(scoped ref BoxReader entry)
    {
        AudioSampleEntry.Read(ref entry);
        var isEnhanced = entry.Type == BoxType.Ec3;
        var body = entry.Find(isEnhanced ? BoxType.Dec3 : BoxType.Dac3);
        var configuration = body;
        var ac3 = isEnhanced ? Ac3Configuration.ReadEnhancedAc3(ref configuration) : Ac3Configuration.ReadAc3(ref configuration);
        var format = new AudioFormat(ac3.SampleRate, ac3.Channels) { JointObjects = ac3.JointObjects };
        return AudioSampleEntry.Write(entry.Type, new FourCC(entry.Type).ToString(), format, body);
    }
}
