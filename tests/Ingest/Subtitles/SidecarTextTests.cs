using System.Text;
using Movento.Ingest.Subtitles.Sidecars;
using Movento.Packager;

namespace Movento.Ingest.Tests.Subtitles;

public sealed class SidecarTextTests
{
    private const string SubRip = "1\r\n00:00:00,500 --> 00:00:01,500\r\nGrüße, mögen €\r\n";

    [Theory]
    [InlineData("utf-8", false, "utf-8")]
    [InlineData("utf-8", true, "utf-8")]
    [InlineData("utf-16", true, "utf-16le")]
    [InlineData("utf-16", false, "utf-16le")]
    [InlineData("utf-16BE", true, "utf-16be")]
    [InlineData("utf-16BE", false, "utf-16be")]
    [InlineData("windows-1252", false, "windows-1252")]
    public void Text_InAnEncoding_IsReadAsIt(string name, bool hasMark, string expected)
    {
        var encoding = name == "windows-1252" ? CodePagesEncodingProvider.Instance.GetEncoding(1252)! : Encoding.GetEncoding(name);
        byte[] file = [.. hasMark ? encoding.GetPreamble() : [], .. encoding.GetBytes(SubRip)];
        var text = SidecarText.Read(file);
        Assert.Equal((expected, SubRip), (text.Encoding, Encoding.UTF8.GetString(text.Bytes)));
    }

    [Theory]
    [InlineData("")]
    [InlineData("hello")]
    [InlineData("{\"json\": true}")]
    [InlineData("WEBVTT\n\nno cue\n")]
    [InlineData("\u0000\u0001\u0002\u0003\u0004")]
    public void Text_ThatIsNoSubtitles_IsRefused(string text) => Assert.Throws<MediaFormatException>(() => SidecarText.Read(Encoding.UTF8.GetBytes(text)));

    [Theory]
    // language, role, name, file name → language role name, or the error's code
    [InlineData("en", null, null, null, "en subtitle English")]
    [InlineData("ger", "caption", null, null, "de caption Deutsch (CC)")]
    [InlineData("pt-BR", "forced-subtitle", "Brasil", null, "pt-BR forced-subtitle Brasil")]
    [InlineData(null, null, null, "film.fr.srt", "fr subtitle Français")]
    [InlineData(null, null, null, "film.pt-BR.vtt", "pt-BR subtitle pt-BR")]
    [InlineData(null, null, null, "film.2026.srt", " subtitle Subtitles")]
    [InlineData(null, null, null, "film.srt", " subtitle Subtitles")]
    [InlineData("deutsch!", null, null, null, "invalid_language")]
    [InlineData("e", null, null, null, "invalid_language")]
    [InlineData("en", "main", null, null, "invalid_role")]
    [InlineData("en", null, "a\"b", null, "invalid_name")]
    [InlineData("en", null, " ", null, "invalid_name")]
    [InlineData("en", null, null, "a\nb", "invalid_file_name")]
    public void Names_OfASidecar_AreChecked(string? language, string? role, string? name, string? fileName, string expected)
    {
        var error = SidecarNames.Read(language, role, name, fileName, out var names);
        Assert.Equal(expected, error?.Code ?? $"{names.Language} {names.Role} {names.Name}");
    }
}
