using Movento.Packager.Cmaf;
using Movento.Packager.IsoBmff;
using Movento.Packager.IsoBmff.Boxes;
using Movento.Packager.Pictures;
using Movento.Packager.Presentations;
using Movento.Packager.Protection;
using Movento.Packager.Subtitles;
using Movento.Packager.Tracks;
using Movento.Packager.Verification;

namespace Movento.Fuzz;

/// <summary>Every parser of the packager.</summary>
public static class FuzzTargets
{
    /// <summary>The targets, over these seeds.</summary>
    public static IReadOnlyList<FuzzTarget> Of(Seeds seeds) =>
    [
        new("source-video", OfKind(seeds, TrackKind.Video), false, input => Package(input, TrackKind.Video, null)),
        new("source-audio", OfKind(seeds, TrackKind.Audio), false, input => Package(input, TrackKind.Audio, null)),
        new("source-outline", [.. seeds.Films.Select(film => film.Bytes)], false, input => Wait(SourceFile.ReadOutlineAsync(new MemoryStream(input), CancellationToken.None))),
        new("sample-entry", SampleEntries(seeds), false, ReadSampleEntry),
        new("encrypt-cbcs", OfKind(seeds, TrackKind.Video), false, input => Package(input, TrackKind.Video, EncryptionScheme.Cbcs)),
        new("encrypt-cenc", OfKind(seeds, TrackKind.Video), false, input => Package(input, TrackKind.Video, EncryptionScheme.Cenc)),
        new("packaged-file", seeds.Packaged, false, input => Wait(CmafTrackFile.ReadAsync(new MemoryStream(input), CancellationToken.None))),
        new("boxes", Boxes(seeds), false, ReadBox),
        new("presentation-json", [seeds.Presentation["presentation.json"]], true, input => PresentationJson.Read(input)),
        new("subtitles", seeds.Subtitles, true, PackageSubtitles),
        new("subtitle-track", [.. OfKind(seeds, TrackKind.Text), seeds.Presentation["s.mp4"]], false, input => Wait(SubtitleTrack.ReadAsync(new MemoryStream(input), null, CancellationToken.None))),
        new("pictures", [seeds.Pictures], false, PackagePictures),
        new("system-header", [[.. SystemHeader.Common([1, 2])]], false, input => SystemHeader.Read(input)),
        new("verify-playlist", [seeds.Presentation["master.m3u8"], seeds.Presentation["v.m3u8"], seeds.Presentation["s.m3u8"]], true, input => Verify(seeds, input, "master.m3u8", "v.m3u8", "s.m3u8")),
        new("verify-description", [seeds.Presentation["manifest.mpd"]], true, input => Verify(seeds, input, "manifest.mpd")),
        new("verify-media", [seeds.Presentation["v.mp4"]], false, input => Verify(seeds, input, "v.mp4")),
        new("verify-encrypted", [seeds.Presentation["a.mp4"]], false, input => Verify(seeds, input, "a.mp4")),
        new("verify-text", [seeds.Presentation["s.segments.vtt"]], true, input => Verify(seeds, input, "s.segments.vtt")),
    ];

    private static byte[][] OfKind(Seeds seeds, TrackKind kind) => [.. seeds.Films.Where(film => film.Kind == kind).Select(film => film.Bytes)];

    private static void Package(byte[] input, TrackKind kind, EncryptionScheme? scheme)
    {
        var settings = new CmafSettings
        {
            Id = "x", Kind = kind, SegmentDuration = TimeSpan.FromMilliseconds(100), Encryption = scheme is { } known ? Seeds.Encryption(known) : null,
        };
        Wait(CmafPackager.PackageAsync(new MemoryStream(input), new Sink(), settings, CancellationToken.None));
    }

    private static void PackageSubtitles(byte[] input)
    {
        var settings = new SubtitleSettings { Id = "s", Duration = TimeSpan.FromSeconds(10) };
        Wait(SubtitlePackager.PackageAsync(SubtitleTrack.Read(input), settings, new SubtitleOutputs(new Sink(), new Sink(), new Sink()), CancellationToken.None));
    }

    private static void PackagePictures(byte[] input)
    {
        var settings = new StillPictureSettings { Id = "i", Interval = TimeSpan.FromSeconds(2), Duration = TimeSpan.FromSeconds(6) };
        Wait(StillPicturePackager.PackageAsync(new MemoryStream(input), new Sink(), settings, CancellationToken.None));
    }

    // The first byte says which file the rest takes the place of.
    private static void Verify(Seeds seeds, byte[] input, params string[] addresses)
    {
        var address = addresses[input.Length % addresses.Length];
        Wait(PresentationVerifier.VerifyAsync(new MemorySource(seeds.Presentation, address, input)));
    }

    // The whole boxes in stsd of every film.
    private static List<byte[]> SampleEntries(Seeds seeds)
    {
        var entries = new List<byte[]>();
        foreach (var (bytes, _) in seeds.Films)
        {
            for (var at = bytes.AsSpan().IndexOf("stsd"u8); at >= 0;)
            {
                var stsd = new BoxReader(bytes.AsSpan(at - 4));
                stsd.TryReadBox(out var body);
                body.Skip(8);
                entries.Add(body.ReadRest().ToArray());
                var next = bytes.AsSpan(at + 4).IndexOf("stsd"u8);
                at = next < 0 ? -1 : at + 4 + next;
            }
        }

        return entries;
    }

    private static void ReadSampleEntry(byte[] input)
    {
        var stsd = new BoxReader(input);
        if (stsd.TryReadBox(out var entry))
            SampleEntry.Read(ref entry);
    }

    // The boxes whose readers are views over the file's bytes: read, and every row looked at.
    private static List<byte[]> Boxes(Seeds seeds)
    {
        var boxes = new List<byte[]>();
        foreach (var file in seeds.Films.Select(film => film.Bytes).Concat(seeds.Packaged))
        {
            foreach (var type in (string[])["stts", "ctts", "stss", "stsz", "stsc", "stco", "elst", "trun", "tfhd", "tfdt", "sidx", "mvhd", "mdhd", "tkhd", "trex", "hdlr", "dref"])
            {
                if (file.AsSpan().IndexOf(System.Text.Encoding.ASCII.GetBytes(type)) is var at and >= 4)
                {
                    var reader = new BoxReader(file.AsSpan(at - 4));
                    var remaining = reader.Remaining;
                    reader.TryReadBox(out _);
                    boxes.Add(file.AsSpan(at - 4, remaining - reader.Remaining).ToArray());
                }
            }
        }

        return boxes;
    }

    private static void ReadBox(byte[] input)
    {
        var file = new BoxReader(input);
        while (file.TryReadBox(out var box))
        {
            switch (box.Type)
            {
                case BoxType.Stts: { var table = Stts.Read(ref box); for (var row = 0; row < table.Count; row++) _ = table[row]; break; }
                case BoxType.Ctts: { var table = Ctts.Read(ref box); for (var row = 0; row < table.Count; row++) _ = table[row]; break; }
                case BoxType.Stss: { var table = Stss.Read(ref box); for (var row = 0; row < table.Count; row++) _ = table[row]; break; }
                case BoxType.Stsc: { var table = Stsc.Read(ref box); for (var row = 0; row < table.Count; row++) _ = table[row]; break; }
                case BoxType.Stco or BoxType.Co64: { var table = Stco.Read(ref box); for (var row = 0; row < table.Count; row++) _ = table[row]; break; }
                case BoxType.Stsz: { var table = Stsz.Read(ref box); for (var row = 0; table.HasRows && row < table.Count; row++) _ = table[row]; break; }
                case BoxType.Elst: { var table = Elst.Read(ref box); for (var row = 0; row < table.Count; row++) _ = table[row]; break; }
                case BoxType.Sidx: { var table = Sidx.Read(ref box); for (var row = 0; row < table.Count; row++) _ = table[row]; break; }
                case BoxType.Trun: { var table = Trun.Read(ref box); for (var row = 0; row < Math.Min(table.Count, 10_000); row++) _ = table[row]; break; }
                case BoxType.Tfhd: Tfhd.Read(ref box); break;
                case BoxType.Tfdt: Tfdt.Read(ref box); break;
                case BoxType.Mvhd: Mvhd.Read(ref box); break;
                case BoxType.Mdhd: Mdhd.Read(ref box); break;
                case BoxType.Tkhd: Tkhd.Read(ref box); break;
                case BoxType.Trex: Trex.Read(ref box); break;
                case BoxType.Hdlr: Hdlr.Read(ref box); break;
                case BoxType.Dref: Dref.ReadIsSelfContained(ref box); break;
            }
        }
    }

    // Streams of memory never wait: the task is done, and was done on this thread.
    private static void Wait(Task task)
    {
        if (!task.IsCompleted)
            throw new InvalidOperationException("The target left its thread.");
        task.GetAwaiter().GetResult();
    }
}
