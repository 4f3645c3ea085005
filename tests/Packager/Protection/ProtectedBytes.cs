using Movento.Packager.IsoBmff;
using Movento.Packager.IsoBmff.Boxes;

namespace Movento.Packager.Tests.Protection;

/// <summary>What stands in an encrypted file, whoever wrote it: its tenc, its senc rows, its samples' bytes.</summary>
internal sealed record ProtectedBytes(string Scheme, Tenc Track, IReadOnlyList<string> Rows, byte[] Samples)
{
    public static async Task<ProtectedBytes> ReadAsync(string path)
    {
        var bytes = await File.ReadAllBytesAsync(path);
        return Read(bytes);
    }

    private static ProtectedBytes Read(byte[] bytes)
    {
        var file = new BoxReader(bytes);
        var (scheme, track) = ("", default(Tenc));
        var rows = new List<string>();
        using var samples = new MemoryStream();
        while (file.TryReadBox(out var box))
        {
            switch (box.Type)
            {
                case BoxType.Moov:
                    (scheme, track) = ReadTrack(box);
                    break;
                case BoxType.Moof:
                    ReadRows(box.Find(BoxType.Traf), track.PerSampleVectorSize, rows);
                    break;
                case BoxType.Mdat:
                    samples.Write(box.ReadRest());
                    break;
            }
        }

        return new ProtectedBytes(scheme, track, rows, samples.ToArray());
    }

    private static (string Scheme, Tenc Track) ReadTrack(BoxReader moov)
    {
        var stsd = moov.Find(BoxType.Trak).Find(BoxType.Mdia).Find(BoxType.Minf).Find(BoxType.Stbl).Find(BoxType.Stsd);
        stsd.Skip(8);
        Assert.True(stsd.TryReadBox(out var entry));
        entry.Skip(entry.Type == BoxType.Encv ? 78 : 28);
        var sinf = entry.Find(BoxType.Sinf);
        var schm = sinf;
        schm = schm.Find(BoxType.Schm);
        schm.Skip(4);
        var scheme = new FourCC(schm.ReadUInt32()).ToString();
        var tenc = sinf.Find(BoxType.Schi).Find(BoxType.Tenc);
        return (scheme, Tenc.Read(ref tenc));
    }

    // Each row as text: the sample's vector, then clear+protected pairs.
    private static void ReadRows(BoxReader traf, byte vectorSize, List<string> rows)
    {
        if (!traf.TryFind(BoxType.Senc, out var senc))
            return;
        var hasPairs = (senc.ReadFullBoxHeader(highestVersion: 0).Flags & 2) != 0;
        for (var count = senc.ReadUInt32(); count > 0; count--)
        {
            var row = Convert.ToHexStringLower(senc.ReadBytes(vectorSize)) + ":";
            for (int pairs = hasPairs ? senc.ReadUInt16() : 0; pairs > 0; pairs--)
                row += $" {senc.ReadUInt16()}+{senc.ReadUInt32()}";

            // Shaka Packager writes senc with empty rows where nothing is to be said of a sample; we write none.
            if (row.Length > 1)
                rows.Add(row);
        }
    }
}
