using System.Buffers;
using Movento.Harness;
using Movento.Packager.Cmaf;
using Movento.Packager.Dash;
using Movento.Packager.Hls;
using Movento.Packager.Manifests;
using Movento.Packager.Presentations;

namespace Movento.Packager.Tests;

/// <summary>A film packaged into a folder with its manifests, as an edge would serve it.</summary>
internal sealed class PackagedFilm : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private PackagedFilm(Presentation presentation) => Presentation = presentation;

    public Presentation Presentation { get; private set; }

    public Rendition Video => Presentation.Video.Single();

    public Rendition Audio => Presentation.Audio.Single();

    public string Hls => _folder.Combine("master.m3u8");

    public string Dash => _folder.Combine("manifest.mpd");

    public string FileOf(Rendition rendition) => _folder.Combine($"{rendition.Id}.mp4");

    public string Combine(string name) => _folder.Combine(name);

    public static async Task<PackagedFilm> OfAsync(string source, params TrackKind[] kinds)
    {
        var film = new PackagedFilm(new Presentation { Renditions = [] });
        var renditions = new List<Rendition>();
        foreach (var kind in kinds)
        {
            var settings = new CmafSettings { Id = kind == TrackKind.Video ? "v" : "a", Kind = kind, SegmentDuration = TimeSpan.FromSeconds(4) };
            renditions.Add(await PackageAsync(source, film._folder.Combine($"{settings.Id}.mp4"), settings));
        }

        film.Presentation = new Presentation { Renditions = [.. renditions] };
        await film.WriteAsync("master.m3u8", output => MultivariantPlaylist.Write(output, film.Presentation));
        await film.WriteAsync("manifest.mpd", output => MediaPresentationDescription.Write(output, film.Presentation));
        foreach (var rendition in renditions)
            await film.WriteAsync($"{rendition.Id}.m3u8", output => MediaPlaylist.Write(output, film.Presentation, rendition));
        return film;
    }

    /// <summary>Writes every manifest that a folder of byte ranges has, I-frame playlists too.</summary>
    public async Task WriteManifestsAsync()
    {
        foreach (var manifest in ManifestFile.Of(Presentation, SegmentAddressing.ByteRanges))
            await WriteAsync(manifest.Path, manifest.Write);
    }

    public static async Task<Rendition> PackageAsync(string source, string destination, CmafSettings settings)
    {
        await using var input = File.OpenRead(source);
        await using var output = File.Create(destination);
        return await CmafPackager.PackageAsync(input, output, settings, CancellationToken.None);
    }

    public void Dispose() => _folder.Dispose();

    private Task WriteAsync(string name, Action<IBufferWriter<byte>> write)
    {
        var output = new ArrayBufferWriter<byte>();
        write(output);
        return File.WriteAllBytesAsync(_folder.Combine(name), output.WrittenMemory.ToArray());
    }
}
