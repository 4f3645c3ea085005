using System.Buffers;
using System.Globalization;
using Movento.Contracts;
using Movento.Harness;
using Movento.Packager.Cmaf;
using Movento.Packager.Presentations;
using Movento.Packager.Protection;

namespace Movento.Edge.Tests.Host;

/// <summary>A published version of a real film, packaged once per run by the real packager: what ingest leaves in the object store.</summary>
internal sealed class Film
{
    /// <summary>The key of <c>a0</c>, which ClearKey plays.</summary>
    private static readonly UInt128 KeyId = new(0x0011223344556677, 0x8899aabbccddeeff);

    /// <summary>The key of a rendition that is for one DRM system alone.</summary>
    public const string HiddenKeyId = "ffffffffffffffff0000000000000001";

    private static readonly Lazy<Task<Film>> Once = new(MakeAsync);

    public const int Version = 1;

    public static readonly AssetId Asset = AssetId.Parse("0192f0c1a2b37c4d8e5f60718293a4b5");

    public required Presentation Presentation { get; init; }

    /// <summary>Every object of the version by its key.</summary>
    public required IReadOnlyDictionary<string, byte[]> Objects { get; init; }

    public byte[] Video => Objects[StorageKey.Rendition(Asset, Version, "v720")];

    public byte[] Audio => Objects[StorageKey.Rendition(Asset, Version, "a0")];

    public byte[] Poster => Objects[StorageKey.Poster(Asset, Version)];

    public static Task<Film> GetAsync() => Once.Value;

    // What is said of the bytes, which the edge never looks into: they are in the clear.
    private static Encryption ClearKey => new()
    {
        Scheme = EncryptionScheme.Cbcs, Periods = [new KeyPeriod(0, KeyId, 1)], SystemHeaders = [SystemHeader.Common([KeyId])],
    };

    private static Encryption Hidden => new()
    {
        Scheme = EncryptionScheme.Cbcs,
        Periods = [new KeyPeriod(0, UInt128.Parse(HiddenKeyId, NumberStyles.HexNumber, CultureInfo.InvariantCulture), 1)],
    };

    private static async Task<Film> MakeAsync()
    {
        var (video, videoBytes) = await PackageAsync(new CmafSettings { Id = "v720", Kind = TrackKind.Video });
        var (audio, audioBytes) = await PackageAsync(new CmafSettings { Id = "a0", Kind = TrackKind.Audio, IsDefault = true });
        // Subtitles and thumbnails of any bytes: the edge looks into none.
        var text = new Rendition
        {
            Id = "s0", Kind = TrackKind.Text, Codecs = "wvtt", Timescale = 1000, SampleCount = 2, Language = "en",
            Initialization = new ByteRange(0, 100), SegmentIndex = new ByteRange(100, 50),
            Segments = [new Segment(150, 500, 0, 4000), new Segment(650, 350, 4000, 4000)], TextSegmentSizes = [300, 200],
        };
        var presentation = new Presentation
        {
            Renditions = [video with { Encryption = Hidden }, audio with { Encryption = ClearKey }, text],
            Thumbnails = new ThumbnailTiles(160, 90, 5, 5, TimeSpan.FromSeconds(2), 30, [20_000, 5000]),
        };
        var json = new ArrayBufferWriter<byte>();
        PresentationJson.Write(json, presentation);
        var random = new Random(1);
        var poster = RandomBytes(70_000);
        return new Film
        {
            Presentation = presentation,
            Objects = new Dictionary<string, byte[]>
            {
                [StorageKey.Rendition(Asset, Version, "v720")] = videoBytes,
                [StorageKey.Rendition(Asset, Version, "a0")] = audioBytes,
                [StorageKey.Poster(Asset, Version)] = poster,
                [StorageKey.Rendition(Asset, Version, "s0")] = RandomBytes(1000),
                [StorageKey.Subtitles(Asset, Version, "s0")] = RandomBytes(700),
                [StorageKey.TextSegments(Asset, Version, "s0")] = RandomBytes(500),
                [StorageKey.Thumbnails(Asset, Version, 1)] = RandomBytes(20_000),
                [StorageKey.Thumbnails(Asset, Version, 2)] = RandomBytes(5000),
                // Lies in the version, but is nobody's business: the presentation does not list it.
                [StorageKey.Rendition(Asset, Version, "v1080")] = audioBytes,
                [StorageKey.Receipt(Asset, Version)] = "{}"u8.ToArray(),
                [StorageKey.Source(Asset)] = "the source"u8.ToArray(),
                [StorageKey.Presentation(Asset, Version)] = json.WrittenSpan.ToArray(),
            },
        };

        byte[] RandomBytes(int count)
        {
            var bytes = new byte[count];
            random.NextBytes(bytes);
            return bytes;
        }
    }

    private static async Task<(Rendition Rendition, byte[] Bytes)> PackageAsync(CmafSettings settings)
    {
        await using var source = File.OpenRead(Repository.Media("bbb_720p24_60s.mp4"));
        using var destination = new MemoryStream();
        var rendition = await CmafPackager.PackageAsync(source, destination, settings, CancellationToken.None);
        return (rendition, destination.ToArray());
    }
}
