namespace Movento.Browser.Tests.Running;

/// <summary>
/// The one Chromium of a test process: started for the first who takes it, closed by the last who gives it back. Tests have contexts of their own in it, which
/// share no cookie and no storage; the start of a browser, and of what drives it, costs seconds of the processor.
/// </summary>
internal sealed class SharedChromium
{
    private static readonly SemaphoreSlim Gate = new(1, 1);
    private static SharedChromium? _shared;

    private int _users;

    private SharedChromium(IPlaywright playwright, IBrowser browser) => (Playwright, Browser) = (playwright, browser);

    public IPlaywright Playwright { get; }

    public IBrowser Browser { get; }

    public static async Task<SharedChromium> TakeAsync()
    {
        await Gate.WaitAsync();
        try
        {
            if (_shared is null)
            {
                var playwright = await Microsoft.Playwright.Playwright.CreateAsync();
                _shared = new SharedChromium(playwright, await Chromium.StartAsync(playwright));
            }

            _shared._users++;
            return _shared;
        }
        finally
        {
            Gate.Release();
        }
    }

    public async Task GiveBackAsync()
    {
        await Gate.WaitAsync();
        try
        {
            if (--_users > 0) return;
            _shared = null;
            await Browser.CloseAsync();
            Playwright.Dispose();
        }
        finally
        {
            Gate.Release();
        }
    }
}
