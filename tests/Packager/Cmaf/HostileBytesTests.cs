using System.Buffers.Binary;
using Movento.Harness;
using Movento.Packager.Cmaf;
using Movento.Packager.Presentations;

namespace Movento.Packager.Tests.Cmaf;

/// <summary>Whatever the bytes, nothing but <see cref="MediaFormatException"/> comes out.</summary>
[Collection(nameof(Films))]
public sealed class HostileBytesTests(Films films)
{
    [Fact]
    public async Task Source_CutAtEveryByte_IsRefused()
    {
        var bytes = await File.ReadAllBytesAsync(Repository.Media("hostile/one_frame.mp4"));
        for (var length = 0; length < bytes.Length; length++)
        {
            var error = await Record.ExceptionAsync(() => PackageAsync(bytes.AsMemory(0, length), TrackKind.Video));
            Assert.True(error is MediaFormatException, $"{length} bytes: {error}");
        }

        await PackageAsync(bytes, TrackKind.Video);
    }

    [Fact]
    public async Task Fragments_CutAtEveryByteOfTheirHeaders_AreRefusedOrShorter()
    {
        var bytes = await File.ReadAllBytesAsync(films.Tiny);
        var whole = await PackageAsync(bytes, TrackKind.Video);
        for (var length = 0; length < bytes.Length; length += length < 4096 ? 1 : 37)
        {
            var (_, error) = await TryPackageAsync(bytes.AsMemory(0, length), TrackKind.Video);
            Assert.True(error is null or MediaFormatException, $"{length} bytes: {error}");
        }

        Assert.Equal(10, whole.SampleCount);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Source_WithMutatedBytes_IsPackagedOrRefused(int seed)
    {
        var random = new Random(seed);
        byte[][] sources = [await File.ReadAllBytesAsync(Repository.Media("hostile/one_frame.mp4")), await File.ReadAllBytesAsync(films.Tiny)];
        var (packaged, refused) = (0, 0);
        for (var round = 0; round < 1500; round++)
        {
            var bytes = sources[round % 2].ToArray();
            for (var mutations = random.Next(1, 5); mutations > 0; mutations--)
                Mutate(bytes, random);
            var (rendition, error) = await TryPackageAsync(bytes, round % 4 < 2 ? TrackKind.Video : TrackKind.Audio);
            Assert.True(error is null or MediaFormatException, $"round {round}: {error}");
            if (rendition is null)
                refused++;
            else
                packaged++;
        }

        Assert.True(packaged > 50 && refused > 50, $"{packaged} packaged, {refused} refused");
    }

    [Fact]
    public async Task PackagedFile_WithMutatedBytes_IsReadOrRefused()
    {
        var random = new Random(4);
        var output = new MemoryStream();
        await CmafPackager.PackageAsync(File.OpenRead(films.Tiny), output, Settings(TrackKind.Video), CancellationToken.None);
        var packaged = output.ToArray();
        for (var round = 0; round < 2000; round++)
        {
            var bytes = packaged.ToArray();
            Mutate(bytes, random);
            var error = await Record.ExceptionAsync(() => CmafTrackFile.ReadAsync(new MemoryStream(bytes), CancellationToken.None));
            Assert.True(error is null or MediaFormatException, $"round {round}: {error}");
        }
    }

    // Where the boxes are: a byte, a count or size of 32 bits at a limit, or a type.
    private static void Mutate(byte[] bytes, Random random)
    {
        var at = random.Next(random.Next(2) == 0 ? bytes.Length : Math.Min(bytes.Length, 2000));
        if (random.Next(3) == 0 && at + 4 <= bytes.Length)
            BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(at), (uint)random.GetItems([0, 1, 7, 8, 0x7fffffff, 0x80000000, 0xffffffff, (long)random.Next()], 1)[0]);
        else
            bytes[at] = (byte)random.Next(256);
    }

    private static async Task<(Rendition? Rendition, Exception? Error)> TryPackageAsync(ReadOnlyMemory<byte> bytes, TrackKind kind)
    {
        Rendition? rendition = null;
        var error = await Record.ExceptionAsync(async () => rendition = await PackageAsync(bytes, kind));
        return (rendition, error);
    }

    private static Task<Rendition> PackageAsync(ReadOnlyMemory<byte> bytes, TrackKind kind) =>
        CmafPackager.PackageAsync(new MemoryStream(bytes.ToArray()), Stream.Null, Settings(kind), CancellationToken.None);

    private static CmafSettings Settings(TrackKind kind) => new() { Id = "x", Kind = kind };
}
