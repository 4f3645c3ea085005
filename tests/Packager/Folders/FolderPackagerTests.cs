using Movento.Harness;
using Movento.Packager.Cmaf;
using Movento.Packager.Folders;
using Movento.Packager.Presentations;

namespace Movento.Packager.Tests.Folders;

/// <summary>What stands in a folder afterwards, and that nothing does after an error.</summary>
[Collection(nameof(Films))]
public sealed class FolderPackagerTests(Films films) : IDisposable
{
    private readonly TemporaryFolder _temporary = new();

    private string Folder => _temporary.Combine("film");

    public void Dispose() => _temporary.Dispose();

    [Fact]
    public async Task Film_Packaged_LiesAsTheUrlsSay()
    {
        var presentation = await PackageAsync(new FolderSettings());
        Assert.Equal(["v180", "a0"], presentation.Renditions.Select(rendition => rendition.Id));
        Assert.Equal(
            ["a0.m3u8", "a0.mp4", "manifest.mpd", "master.m3u8", "presentation.json", "v180.iframes.m3u8", "v180.m3u8", "v180.mp4"],
            Names());
        Assert.Equivalent(presentation, PresentationJson.Read(await File.ReadAllBytesAsync(Path.Combine(Folder, "presentation.json"))));
    }

    [Theory]
    [InlineData(true, false, "manifest.mpd")]
    [InlineData(false, true, "master.m3u8")]
    public async Task Manifests_ThatAreNotWanted_AreNotThere(bool hls, bool dash, string absent)
    {
        await PackageAsync(new FolderSettings { Hls = hls, Dash = dash });
        Assert.DoesNotContain(absent, Names());
        Assert.Contains(hls ? "master.m3u8" : "manifest.mpd", Names());
    }

    [Fact]
    public async Task Segments_AsFiles_AreTheRangesOfTheOneFile()
    {
        var presentation = await PackageAsync(new FolderSettings { Segments = true });
        foreach (var rendition in presentation.Renditions)
        {
            var whole = await File.ReadAllBytesAsync(Path.Combine(Folder, $"{rendition.Id}.mp4"));
            AssertSame(rendition.Initialization.Offset, rendition.Initialization.Size, "init.mp4");
            for (var number = 0; number < rendition.Segments.Length; number++)
                AssertSame(rendition.Segments[number].Offset, rendition.Segments[number].Size, $"{number + 1}.m4s");

            void AssertSame(long offset, long size, string name) => Assert.True(
                whole.AsSpan((int)offset, (int)size).SequenceEqual(File.ReadAllBytes(Path.Combine(Folder, "segments", rendition.Id, name))), name);
        }
    }

    [Fact]
    public async Task Progress_Adds_UpToTheBytesWritten()
    {
        var progress = new Sum();
        var presentation = await PackageAsync(new FolderSettings(), progress);
        Assert.Equal(presentation.Renditions.Sum(rendition => rendition.FileSize), progress.Value);
    }

    [Fact]
    public async Task SecondFile_OfTheSameHeight_IsARungOfItsOwn_FromTheLowestToTheHighest()
    {
        var small = _temporary.Combine("small.mp4");
        await Tool.OutputAsync("ffmpeg", "-v", "error", "-i", films.BFrames, "-an", "-c:v", "libx264", "-preset", "veryfast", "-b:v", "60k", "-g", "50", small);
        var plan = await TrackPlan.ReadAsync([films.BFrames, small], CancellationToken.None);
        Assert.Equal(["v180", "v180-2", "a0"], plan.Tracks.Select(track => track.Settings.Id));
        var presentation = await FolderPackager.PackageAsync(plan.Tracks, Folder, new FolderSettings(), progress: null, CancellationToken.None);
        Assert.Equal(["v180-2", "v180", "a0"], presentation.Renditions.Select(rendition => rendition.Id));
    }

    [Fact]
    public async Task Folder_WithSomethingInIt_IsRefused_AndReplacedWhereWanted()
    {
        Directory.CreateDirectory(Folder);
        await File.WriteAllTextAsync(Path.Combine(Folder, "notes.txt"), "mine");
        await Assert.ThrowsAsync<FolderNotEmptyException>(() => PackageAsync(new FolderSettings()));
        Assert.Equal(["notes.txt"], Names());

        await PackageAsync(new FolderSettings { Replace = true, Segments = true });
        await PackageAsync(new FolderSettings { Replace = true });
        Assert.Contains("notes.txt", Names());
        Assert.Contains("presentation.json", Names());
    }

    [Fact]
    public async Task Error_InTheMiddle_LeavesNothingBehind()
    {
        var plan = await TrackPlan.ReadAsync([films.BFrames], CancellationToken.None);
        PlannedTrack[] tracks = [.. plan.Tracks, new(films.BFrames, new CmafSettings { Id = "a1", Kind = TrackKind.Audio, TrackId = 99 })];
        await Assert.ThrowsAsync<MediaFormatException>(() => FolderPackager.PackageAsync(tracks, Folder, new FolderSettings(), progress: null, CancellationToken.None));
        Assert.False(Directory.Exists(Folder));
    }

    [Fact]
    public async Task Cancellation_InTheMiddle_LeavesTheOldOnesWhole()
    {
        await PackageAsync(new FolderSettings());
        var before = Names();
        using var stop = new CancellationTokenSource();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => PackageAsync(new FolderSettings { Replace = true }, new Stopper(stop), stop.Token));
        Assert.Equal(before, Names());
    }

    [Fact]
    public async Task Track_ThatCannotBePackaged_IsPlannedAsSkipped()
    {
        var plan = await TrackPlan.ReadAsync([Repository.Media("hostile/sample_missing_stsd.mp4")], CancellationToken.None);
        Assert.Equal(TrackKind.Video, Assert.Single(plan.Tracks).Settings.Kind);
        Assert.Equal(TrackKind.Audio, Assert.Single(plan.Skipped).Track.Kind);
    }

    [Fact]
    public async Task Tracks_WithOneId_AreAnArgumentError()
    {
        var plan = await TrackPlan.ReadAsync([films.BFrames], CancellationToken.None);
        await Assert.ThrowsAsync<ArgumentException>(() => FolderPackager.PackageAsync(
            [plan.Tracks[0], plan.Tracks[0]], Folder, new FolderSettings(), progress: null, CancellationToken.None));
    }

    private async Task<Presentation> PackageAsync(FolderSettings settings, IProgress<long>? progress = null, CancellationToken cancellationToken = default)
    {
        var plan = await TrackPlan.ReadAsync([films.BFrames], CancellationToken.None);
        return await FolderPackager.PackageAsync(plan.Tracks, Folder, settings, progress, cancellationToken);
    }

    private string[] Names() => [.. Directory.EnumerateFileSystemEntries(Folder).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal)];

    private sealed class Sum : IProgress<long>
    {
        private long _value;

        public long Value => Interlocked.Read(ref _value);

        public void Report(long value) => Interlocked.Add(ref _value, value);
    }

    private sealed class Stopper(CancellationTokenSource stop) : IProgress<long>
    {
        public void Report(long value) => stop.Cancel();
    }
}
