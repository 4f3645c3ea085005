using Movento.Packager.Codecs;
using Movento.Packager.IsoBmff;
using Movento.Packager.Presentations;

namespace Movento.Packager.Tracks.SampleEntries;

/// <summary>AAC (mp4a): ISO/IEC 14496-14 §6.7.2. QuickTime may have the esds in a wave box.</summary>
internal static class AacSampleEntry
{
    /// <summary>Reads the body.</summary>
    public static SampleEntry Read(scoped ref BoxReader entry)
    {
        var audio = AudioSampleEntry.Read(ref entry);
        while (entry.TryReadBox(out var child))
        {
            var esds = child;
            if (child.Type == BoxType.Esds || child.Type == BoxType.Wave && child.TryFind(BoxType.Esds, out esds))
                return Read(entry.Type, audio, esds);
        }

        throw entry.Error(MediaFormatError.Missing, "There is no esds box.");
    }

    private static SampleEntry Read(uint type, AudioSampleEntry audio, BoxReader esds)
    {
        var body = esds;
        var descriptor = ElementaryStreamDescriptor.Read(ref body);
        var aac = descriptor.Audio;
        if (!aac.IsEverySampleSync)
            throw esds.Error(MediaFormatError.Unsupported, $"Audio of type {descriptor.CodecString()} is not packaged; AAC LC and HE-AAC are.");
        var channels = aac.Channels > 0 ? aac.Channels : audio.Channels;
        return channels > 0
            ? AudioSampleEntry.Write(type, descriptor.CodecString(), new AudioFormat(aac.SampleRate, channels), esds)
            : throw esds.Error(MediaFormatError.Invalid, "The sound has no channels.");
    }
}
