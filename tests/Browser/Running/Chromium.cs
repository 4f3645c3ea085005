namespace Movento.Browser.Tests.Running;

/// <summary>The machine's own Chromium: nothing is downloaded.</summary>
internal static class Chromium
{
    private const string Debian = "/usr/bin/chromium";

    // What is expected of a page is waited for as everything else is; 5 s are too few for a machine that does ten other things.
    static Chromium() => Assertions.SetDefaultExpectTimeout(StreamingSite.PatienceMilliseconds);

    /// <summary>Starts it. Without <paramref name="mayPlayAloud"/> it refuses, as viewers' browsers do, to start films with sound
    /// before anybody has touched the page.</summary>
    public static Task<IBrowser> StartAsync(IPlaywright playwright, bool mayPlayAloud = true) =>
        playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions
        {
            ExecutablePath = Find(),
            Args =
            [
                // Root may not use the sandbox; a machine without a display has no GPU.
                "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
                "--disable-component-update", "--disable-sync",
                mayPlayAloud ? "--autoplay-policy=no-user-gesture-required" : "--autoplay-policy=document-user-activation-required",
            ],
        });

    private static string Find()
    {
        var places = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Select(folder => Path.Combine(folder, "chromium"));
        return places.Prepend(Debian).FirstOrDefault(File.Exists)
            ?? throw new InvalidOperationException($"These tests need Chromium, at {Debian} or on the PATH: apt-get install chromium.");
    }
}
