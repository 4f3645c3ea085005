using System.Buffers;
using System.Collections.Immutable;
using System.ComponentModel;
using System.Runtime.InteropServices;
using Movento.Contracts;
using Movento.Harness;
using Movento.Packager.Presentations;

namespace Movento.Load.Delivery;

/// <summary>The files of the contest on disk, plain for the peers and as a published film for the edge.</summary>
internal sealed partial class DeliverySite : IDisposable
{
    public const int Version = 1;

    private readonly TemporaryFolder _folder = new();

    private DeliverySite()
    {
    }

    public static AssetId Asset { get; } = AssetId.Parse("0192f0c1a2b37c4d8e5f60718293a4b5");

    /// <summary>What the peers serve.</summary>
    public string Files => Folder("files");

    /// <summary>The edge's data folder.</summary>
    public string Data => Folder("data");

    public static string NameOf(DeliveredFile file) => $"{file.Id}.bin";

    /// <summary>The path of a file at the edge, after the token.</summary>
    public static string PathOf(DeliveredFile file) =>
        $"assets/{Asset}/v{Version}/{(file.RangeSize > 0 ? $"{file.Id}.mp4" : file.Size < 8192 ? $"{file.Id}.vtt" : $"segments/{file.Id}/1.m4s")}";

    /// <param name="files">What there is to ask for.</param>
    public static DeliverySite Create(IEnumerable<DeliveredFile> files)
    {
        var site = new DeliverySite();
        Directory.CreateDirectory(site.Files);
        Directory.CreateDirectory(site.Data);
        var random = new Random(1);
        var renditions = ImmutableArray.CreateBuilder<Rendition>();
        foreach (var file in files)
        {
            var bytes = new byte[file.Size];
            random.NextBytes(bytes);
            if (file.Size < 8192) site.Put(StorageKey.Subtitles(Asset, Version, file.Id), bytes);
            else renditions.Add(site.Publish(file, bytes));
            var path = Path.Combine(site.Files, NameOf(file));
            // By ranges, the peers send what the edge sends: one file on the disk.
            if (file.RangeSize > 0) Link(site.ObjectOf(StorageKey.Rendition(Asset, Version, file.Id)), path);
            else File.WriteAllBytes(path, bytes);
        }

        var json = new ArrayBufferWriter<byte>();
        PresentationJson.Write(json, new Presentation { Renditions = renditions.ToImmutable() });
        site.Put(StorageKey.Presentation(Asset, Version), json.WrittenSpan);
        return site;
    }

    public string Folder(string name) => _folder.Combine(name);

    public void Dispose() => _folder.Dispose();

    private Rendition Publish(DeliveredFile file, byte[] bytes)
    {
        // A header before the one segment; what they hold the edge never looks at.
        byte[] header = [.. Enumerable.Repeat((byte)0, 150)];
        Put(StorageKey.Rendition(Asset, Version, file.Id), [.. header, .. bytes]);
        return new Rendition
        {
            Id = file.Id, Kind = TrackKind.Video, Codecs = "avc1.64001f", Timescale = 1000, SampleCount = 96,
            Initialization = new ByteRange(0, 100), SegmentIndex = new ByteRange(100, 50), Segments = [new Segment(150, bytes.Length, 0, 4000)],
            Video = new VideoFormat(1280, 720, new FrameRate(24, 1), VideoRange.Sdr),
        };
    }

    private void Put(string key, ReadOnlySpan<byte> bytes)
    {
        var path = ObjectOf(key);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllBytes(path, bytes);
    }

    private string ObjectOf(string key) => Path.Combine(Data, "objects", key);

    private static void Link(string from, string to)
    {
        if (link(from, to) != 0) throw new IOException($"{to} cannot be linked: {new Win32Exception(Marshal.GetLastPInvokeError()).Message}.");
    }

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int link(string from, string to);
}
