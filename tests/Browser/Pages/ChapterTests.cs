using Movento.Browser.Tests.Running;
using Movento.Harness;

namespace Movento.Browser.Tests.Pages;

/// <summary>The chapters of a film on the watch page, and the poster that its team gives it.</summary>
[Collection(StreamingSiteTests.Name)]
public sealed class ChapterTests(StreamingSite site)
{
    [Fact]
    public async Task Watch_FilmWithChapters_MarksThemNamesTheCurrentOneAndJumps()
    {
        using var folder = new TemporaryFolder();
        var film = await site.Movento.PublishAsync(await MakeAsync(folder), $"In three parts {Guid.NewGuid():N}");
        await using var visitor = await Visitor.ComeAsync(site, "/watch/" + film.AssetId);
        var (page, watch) = (visitor.Page, new WatchPage(visitor.Page));
        await visitor.SignInAsync(site.Movento.Operator);
        await watch.PlaysAsync();

        // 1. Where the second and the third begin the line is cut.
        await Assertions.Expect(page.Locator("[data-part=marks] span")).ToHaveCountAsync(2);
        var button = page.Locator("[data-part=chapters]");
        await Assertions.Expect(button).ToContainTextAsync("The <b>beginning</b>");

        // 2. By keyboard to the last one; its name is that of the moment then, for screen readers too.
        await page.Keyboard.PressAsync("k");
        await button.FocusAsync();
        await page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(page.Locator("#chapter-menu [role=menuitemradio]")).ToHaveCountAsync(3);
        await page.Keyboard.PressAsync("End");
        await page.Keyboard.PressAsync("Enter");
        await page.WaitForFunctionAsync("() => Math.abs(document.querySelector('video').currentTime - 4) < 0.3");
        await Assertions.Expect(button).ToContainTextAsync("Chapter 3");
        await Assertions.Expect(button).ToBeFocusedAsync();
        Assert.Contains("Chapter 3", await page.Locator("[data-part=seek]").GetAttributeAsync("aria-valuetext"), StringComparison.Ordinal);
        Assert.Empty(visitor.Complaints);

        // 3. The team's poster: chosen in the studio, seen there and by viewers.
        await visitor.GoAsync(site, $"/studio#film/{film.AssetId}");
        var before = await PosterAsync(page);
        await page.GetByLabel("Poster to upload").SetInputFilesAsync(new FilePayload { Name = "notes.png", MimeType = "image/png", Buffer = "no picture"u8.ToArray() });
        await Assertions.Expect(page.Locator(".poster .error")).ToContainTextAsync("JPEG, PNG or still WebP");
        await page.GetByLabel("Poster to upload").SetInputFilesAsync(await MakePictureAsync(folder));
        await page.WaitForFunctionAsync("before => { const img = document.querySelector('.hero img'); return img?.src !== before && img?.naturalWidth === 1280; }", before);
        await Assertions.Expect(page.Locator(".versions > li").First).ToContainTextAsync("Version 2");
        Assert.Empty(visitor.Complaints);
    }

    private static async Task<string> PosterAsync(IPage page)
    {
        await page.WaitForFunctionAsync("() => document.querySelector('.hero img')?.naturalWidth > 0");
        return await page.EvaluateAsync<string>("() => document.querySelector('.hero img').src");
    }

    private static async Task<string> MakePictureAsync(TemporaryFolder folder)
    {
        var path = folder.Combine("poster.webp");
        await Tool.OutputAsync("ffmpeg", ["-v", "error", "-nostdin", "-y", "-f", "lavfi", "-i", "color=teal:size=1600x900", "-frames:v", "1", "-c:v", "libwebp", path]);
        return path;
    }

    // Six seconds with a chapter every two; the last one has no title.
    private static async Task<string> MakeAsync(TemporaryFolder folder)
    {
        var chapters = folder.Combine("chapters.txt");
        await File.WriteAllTextAsync(chapters,
            ";FFMETADATA1\n[CHAPTER]\nTIMEBASE=1/1\nSTART=0\nEND=2\ntitle=The <b>beginning</b>\n[CHAPTER]\nTIMEBASE=1/1\nSTART=2\nEND=4\ntitle=The middle\n[CHAPTER]\nTIMEBASE=1/1\nSTART=4\nEND=6\n");
        var path = folder.Combine("chapters.mkv");
        await Tool.OutputAsync("ffmpeg",
        [
            "-v", "error", "-nostdin", "-y", "-f", "lavfi", "-i", "testsrc2=s=320x180:r=25:d=6", "-i", chapters, "-map", "0", "-map_metadata", "1",
            "-map_chapters", "1", "-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p", path,
        ]);
        return path;
    }
}
