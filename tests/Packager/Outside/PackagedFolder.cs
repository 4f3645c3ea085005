using System.Globalization;
using System.Text.Json;
using Movento.Harness;
using Movento.Packager.Folders;
using Movento.Packager.Presentations;

namespace Movento.Packager.Tests.Outside;

/// <summary>A folder as <c>movento package</c> writes it: pictures with B-frames, sound with priming, subtitles; and what the scripts of tests/npm/outside read of it.</summary>
public sealed class PackagedFolder(Films films) : IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();

    public string FullName => _folder.Combine("film");

    public Presentation Presentation { get; private set; } = null!;

    public Rendition Video => Presentation.Video.Single();

    public Rendition Audio => Presentation.Audio.Single();

    /// <summary>Pictures and sound: what every reader knows.</summary>
    public IEnumerable<Rendition> Media => Presentation.Renditions.Where(rendition => rendition.Kind != TrackKind.Text);

    public async Task InitializeAsync()
    {
        var subtitles = _folder.Combine("film.srt");
        await File.WriteAllTextAsync(subtitles, "1\n00:00:01,000 --> 00:00:03,500\nHello\n\n2\n00:00:06,000 --> 00:00:07,000\nGood bye\n");
        var plan = await TrackPlan.ReadAsync([films.BFrames, subtitles], CancellationToken.None);
        Assert.Empty(plan.Skipped);
        Presentation = await FolderPackager.PackageAsync(plan.Tracks, FullName, new FolderSettings { Segments = true }, progress: null, CancellationToken.None);
        // The readers are held against the file, not against what we say.
        Presentation = PresentationJson.Read(await File.ReadAllBytesAsync(Combine("presentation.json")));
    }

    public Task DisposeAsync()
    {
        _folder.Dispose();
        return Task.CompletedTask;
    }

    public string Combine(string name) => Path.Combine(FullName, name);

    public string FileOf(Rendition rendition) => Combine($"{rendition.Id}.mp4");

    /// <summary>The segments' time together, without what comes before the first.</summary>
    public static double SecondsOf(Rendition rendition) => (double)(rendition.End - rendition.Segments[0].Start) / rendition.Timescale;

    /// <summary>The JSON that a script prints.</summary>
    public static async Task<JsonElement> ReadAsync(string script, params string[] arguments)
    {
        var path = Repository.Combine("tests", "npm", "outside", script);
        using var document = JsonDocument.Parse(await Tool.OutputAsync("node", [path, .. arguments]));
        return document.RootElement.Clone();
    }

    /// <summary>A number that a tool wrote as text.</summary>
    public static double Number(string? text) => double.Parse(text!, CultureInfo.InvariantCulture);
}
