using Movento.Browser.Tests.Running;

namespace Movento.Browser.Tests.Pages;

/// <summary>Somebody at a page: comes, signs in by the dialog, and fails a test by what the browser complains about.</summary>
internal sealed class Visitor : IAsyncDisposable
{
    private readonly List<string> _complaints = [];

    private Visitor(IPage page)
    {
        Page = page;
        page.PageError += (_, error) => _complaints.Add(error);
        page.Console += (_, message) =>
        {
            // The browser reports every 4xx as an error of its own; what our code says about it is what matters.
            if (message.Type == "error" && !message.Text.StartsWith("Failed to load resource", StringComparison.Ordinal)) _complaints.Add(message.Text);
        };
    }

    public IPage Page { get; }

    /// <summary>Script errors and violated policies, as the browser put them.</summary>
    public IReadOnlyList<string> Complaints => _complaints;

    public static async Task<Visitor> ComeAsync(StreamingSite site, string path, int width = 1280, int height = 800)
    {
        var visitor = new Visitor(await site.OpenAsync(width, height));
        await visitor.GoAsync(site, path);
        return visitor;
    }

    public static Visitor At(IPage page) => new(page);

    public Task GoAsync(StreamingSite site, string path) => Page.GotoAsync(new Uri(site.Movento.Api, path).AbsoluteUri);

    /// <summary>Fills in the sign-in dialog and sends it.</summary>
    public async Task TrySignInAsync(string email, string password)
    {
        if (!await Page.Locator("#sign-in-form").IsVisibleAsync()) await Page.Locator("#sign-in").ClickAsync();
        await Page.GetByLabel("Email").FillAsync(email);
        await Page.GetByLabel("Password").FillAsync(password);
        await Page.Keyboard.PressAsync("Enter");
    }

    /// <summary>Signs in, and waits until the header says so.</summary>
    public async Task SignInAsync((string Email, string Password) account)
    {
        await TrySignInAsync(account.Email, account.Password);
        await Page.Locator("#sign-out").WaitForAsync();
    }

    public ValueTask DisposeAsync() => Page.Context.DisposeAsync();
}
