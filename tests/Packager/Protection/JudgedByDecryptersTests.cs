using Movento.Packager.Presentations;

namespace Movento.Packager.Tests.Protection;

/// <summary>ffmpeg and Shaka Packager decrypt our files to the very frames of the source.</summary>
[Collection(nameof(Films))]
public sealed class JudgedByDecryptersTests(Films films)
{
    public static TheoryData<string, TrackKind, EncryptionScheme> Tracks
    {
        get
        {
            var data = new TheoryData<string, TrackKind, EncryptionScheme>();
            foreach (var scheme in (EncryptionScheme[])[EncryptionScheme.Cbcs, EncryptionScheme.Cenc])
            {
                data.Add(nameof(Films.BFrames), TrackKind.Video, scheme);
                data.Add(nameof(Films.BFrames), TrackKind.Audio, scheme);
                data.Add(nameof(Films.OpenGop), TrackKind.Video, scheme);
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Tracks))]
    public async Task File_DecryptedByFfmpeg_HasTheSourcesFrames(string name, TrackKind kind, EncryptionScheme scheme)
    {
        var source = PathOf(name);
        using var file = await EncryptedFile.OfAsync(source, kind, scheme);
        var expected = await ClearAsync(source, kind, file);
        Assert.Equal(expected, await FrameHashes.OfAsync(file.Path, StreamOf(kind), "-decryption_key", Convert.ToHexStringLower(EncryptedFile.Key)));
        Assert.NotEqual(expected, await BrokenAsync(file, kind));
    }

    [Theory]
    [MemberData(nameof(Tracks))]
    public async Task File_DecryptedByShakaPackager_HasTheSourcesFrames(string name, TrackKind kind, EncryptionScheme scheme)
    {
        var source = PathOf(name);
        using var file = await EncryptedFile.OfAsync(source, kind, scheme);
        var clear = file.Combine("clear.mp4");
        await ShakaPackager.DecryptAsync(file.Path, kind == TrackKind.Video ? "video" : "audio", clear, EncryptedFile.KeyId, EncryptedFile.Key);
        Assert.Equal(await ClearAsync(source, kind, file), await FrameHashes.OfAsync(clear, StreamOf(kind)));
    }

    // What our own packager writes in the clear: JudgedByFfmpegTests holds that against the source.
    private static async Task<string[]> ClearAsync(string source, TrackKind kind, EncryptedFile file)
    {
        var path = file.Combine("source.mp4");
        await PackagedFilm.PackageAsync(source, path, new Packager.Cmaf.CmafSettings { Id = "x", Kind = kind, SegmentDuration = TimeSpan.FromSeconds(4) });
        var frames = await FrameHashes.OfAsync(path, StreamOf(kind));
        Assert.NotEmpty(frames);
        return frames;
    }

    // With another key nothing decodes as it should: the frames above do not come from bytes that were never encrypted.
    private static async Task<string[]> BrokenAsync(EncryptedFile file, TrackKind kind)
    {
        try
        {
            return await FrameHashes.OfAsync(file.Path, StreamOf(kind), "-decryption_key", new string('0', 32));
        }
        catch (InvalidOperationException)
        {
            return [];
        }
    }

    private static string StreamOf(TrackKind kind) => kind == TrackKind.Video ? "v:0" : "a:0";

    private string PathOf(string name) => name switch
    {
        nameof(Films.BFrames) => films.BFrames,
        nameof(Films.OpenGop) => films.OpenGop,
        _ => Harness.Repository.Media(name),
    };
}
