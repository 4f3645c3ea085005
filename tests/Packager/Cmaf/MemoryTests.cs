using Movento.Packager.Cmaf;
using Movento.Packager.IsoBmff;
using Movento.Packager.IsoBmff.Boxes;
using Movento.Packager.Presentations;

namespace Movento.Packager.Tests.Cmaf;

/// <summary>How much is allocated for a file of 4 GiB: the tables of one track and some buffers, whatever the file's size.</summary>
[Collection(nameof(Alone))]
public sealed class MemoryTests
{
    private const long FourGiB = 4L << 30;

    [Fact]
    public async Task FilmOf4GiB_Packaged_AllocatesItsTablesAlone()
    {
        var film = new SparseFilm(FourGiB, TimeSpan.FromHours(2));
        var before = GC.GetTotalAllocatedBytes(precise: true);
        var video = await PackageAsync(film, TrackKind.Video);
        var audio = await PackageAsync(film, TrackKind.Audio);
        var allocated = GC.GetTotalAllocatedBytes(precise: true) - before;

        Assert.InRange(video.FileSize + audio.FileSize, FourGiB, FourGiB + (32 << 20));
        Assert.Equal((172_800, 337_500), (video.SampleCount, audio.SampleCount));
        Assert.Equal(TimeSpan.FromHours(2), audio.Duration);

        // Everything that was allocated, also what was given back meanwhile. The moov's array may be one that the film's making left in the pool.
        Assert.InRange(allocated + film.MovieHeaderSize, 0, 32 << 20);
    }

    [Fact]
    public async Task Run_OfMillionsOfEmptySamples_IsRefusedBeforeItIsHeld()
    {
        // 8 million samples without a byte, told in 20 bytes.
        using var file = new BoxWriter();
        file.WriteBytes(new SparseFilm(1 << 20, TimeSpan.FromSeconds(10)).ReadAll());
        var moof = file.Begin(BoxType.Moof);
        var traf = file.Begin(BoxType.Traf);
        new Tfhd(1, null, null, 1, 0, 0, DefaultBaseIsMoof: true).Write(file);
        file.End(Trun.Begin(file, TrunFields.None, 8_000_000, null, isSigned: false, out _));
        file.End(traf);
        file.End(moof);
        var bytes = file.Written.ToArray();
        var before = GC.GetTotalAllocatedBytes(precise: true);
        var error = await Assert.ThrowsAsync<MediaFormatException>(() => CmafPackager.PackageAsync(
            new MemoryStream(bytes), Stream.Null, new CmafSettings { Id = "x", Kind = TrackKind.Video }, CancellationToken.None));
        Assert.Equal((MediaFormatError.TooLarge, "moof/traf/trun"), (error.Error, error.Path));
        Assert.InRange(GC.GetTotalAllocatedBytes(precise: true) - before, 0, (16 << 20) + 4L * bytes.Length);
    }

    private static async Task<Rendition> PackageAsync(SparseFilm film, TrackKind kind)
    {
        await using var source = film.OpenRead();
        return await CmafPackager.PackageAsync(source, Stream.Null, new CmafSettings { Id = "x", Kind = kind }, CancellationToken.None);
    }
}

/// <summary>Tests that measure the process: nothing runs beside them.</summary>
[CollectionDefinition(nameof(Alone), DisableParallelization = true)]
public sealed class Alone;
