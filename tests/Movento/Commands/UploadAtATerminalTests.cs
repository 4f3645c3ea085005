using Movento.Harness;
using Movento.Hosting;
using Movento.Tests.Client;
using Movento.Tests.Hosting;

namespace Movento.Tests.Commands;

/// <summary><c>movento upload</c> with somebody at its terminal. What it sends is no film: that it is refused as such says that it was taken.</summary>
[Collection(HostCollection.Name)]
public sealed class UploadAtATerminalTests(HostFixture host) : IDisposable
{
    private const string Password = "Password of ";
    private const string Code = "recovery code: ";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Upload_AtATerminal_AsksForPasswordAndCode_AndShowsNeither()
    {
        var editor = await GuardedEditor.OpenAsync(host);
        await using var terminal = await StartAsync(("MOVENTO_EMAIL", editor.Email));
        await terminal.ShowsAsync(Password);
        // With an error of typing that is taken back, and a line that is begun anew.
        await terminal.TypeAsync("wrong\u0015" + editor.Password + "x\u007f\r");
        await terminal.ShowsAsync(Code);
        await terminal.TypeAsync(editor.RecoveryCodes[0] + "\r");

        var screen = await terminal.EndAsync();
        Assert.Contains("not_media", screen, StringComparison.Ordinal);
        Assert.DoesNotContain(editor.Password, screen, StringComparison.Ordinal);
        Assert.DoesNotContain(editor.RecoveryCodes[0], screen, StringComparison.Ordinal);
        AssertIsLeftAsItWas(screen);
    }

    [Theory]
    [InlineData(Terminal.Interrupt, "Stopped.")]
    [InlineData(Terminal.EndOfInput, "No password was given")]
    public async Task Upload_GivenUpAtThePassword_EndsAtOnce_AndLeavesTheTerminalAsItWas(string key, string said)
    {
        await using var terminal = await StartAsync(("MOVENTO_EMAIL", "a@example.org"));
        await terminal.ShowsAsync(Password);
        await terminal.TypeAsync("half a pass" + key);

        var screen = await terminal.EndAsync();
        Assert.Contains(said, screen, StringComparison.Ordinal);
        Assert.DoesNotContain("half a pass", screen, StringComparison.Ordinal);
        AssertIsLeftAsItWas(screen);
    }

    [Theory]
    [InlineData(Terminal.Interrupt, "Stopped.")]
    [InlineData(Terminal.EndOfInput, "MOVENTO_CODE")]
    public async Task Upload_GivenUpAtTheCode_EndsAtOnce_AndLeavesTheTerminalAsItWas(string key, string said)
    {
        var editor = await GuardedEditor.OpenAsync(host);
        await using var terminal = await StartAsync(("MOVENTO_EMAIL", editor.Email), ("MOVENTO_PASSWORD", editor.Password));
        await terminal.ShowsAsync(Code);
        await terminal.TypeAsync("123" + key);

        var screen = await terminal.EndAsync();
        Assert.Contains(said, screen, StringComparison.Ordinal);
        AssertIsLeftAsItWas(screen);
    }

    private static void AssertIsLeftAsItWas(string screen)
    {
        var words = screen[screen.LastIndexOf("ended with 1:", StringComparison.Ordinal)..].Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        // stty says of each mode that is off so by a minus before it.
        foreach (var mode in (string[])["echo", "icanon", "isig", "icrnl"]) Assert.Contains(mode, words);
    }

    private async Task<Terminal> StartAsync(params (string Name, string Value)[] environment)
    {
        var file = _folder.Combine("film.mp4");
        await File.WriteAllTextAsync(file, "This is no film.");
        // A trap of the shell's own: Ctrl-C goes to everybody at the terminal, and what is ignored would be so below it too.
        return Terminal.Start(
            $"trap : INT; dotnet '{typeof(MoventoHost).Assembly.Location}' upload '{file}' --server '{host.Anonymous.BaseAddress!.AbsoluteUri}' --data '{_folder.Combine("nothing")}'; echo \"ended with $?:\"; stty -a",
            environment);
    }
}
