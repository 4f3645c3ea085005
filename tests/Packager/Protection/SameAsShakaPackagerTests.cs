using Movento.Packager.Presentations;

namespace Movento.Packager.Tests.Protection;

/// <summary>With the same key and vector, Shaka Packager writes the same: the same ranges protected, to the same bytes.</summary>
public sealed class SameAsShakaPackagerTests(EncryptionFilms films) : IClassFixture<EncryptionFilms>
{
    public static TheoryData<string, TrackKind, EncryptionScheme> Tracks
    {
        get
        {
            var data = new TheoryData<string, TrackKind, EncryptionScheme>();
            foreach (var scheme in (EncryptionScheme[])[EncryptionScheme.Cbcs, EncryptionScheme.Cenc])
            {
                data.Add(nameof(EncryptionFilms.Avc), TrackKind.Audio, scheme);
                foreach (var film in EncryptionFilms.WithPictures)
                    data.Add(film, TrackKind.Video, scheme);
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Tracks))]
    public async Task File_BesideShakaPackagers_HasTheSameRangesAndBytes(string name, TrackKind kind, EncryptionScheme scheme)
    {
        var source = films[name];
        using var file = await EncryptedFile.OfAsync(source, kind, scheme);
        var theirs = file.Combine("shaka.mp4");
        var vector = $"{EncryptedFile.Vector:x32}"[..(scheme == EncryptionScheme.Cenc ? 16 : 32)];
        await ShakaPackager.RunAsync(
            $"in={source},stream={(kind == TrackKind.Video ? "video" : "audio")},output={theirs}", "--enable_raw_key_encryption", "--clear_lead", "0",
            "--protection_scheme", scheme == EncryptionScheme.Cenc ? "cenc" : "cbcs",
            "--keys", $"label=:key_id={EncryptedFile.KeyId:x32}:key={Convert.ToHexStringLower(EncryptedFile.Key)}:iv={vector}");

        var (expected, actual) = (await ProtectedBytes.ReadAsync(theirs), await ProtectedBytes.ReadAsync(file.Path));
        Assert.Equal(expected.Scheme, actual.Scheme);
        Assert.Equal(expected.Track, actual.Track);
        Assert.Equal(expected.Rows, actual.Rows);
        Assert.True(kind == TrackKind.Audio || expected.Rows.Count > 0);
        Assert.True(expected.Samples.AsSpan().SequenceEqual(actual.Samples), "The encrypted samples differ.");
    }
}
