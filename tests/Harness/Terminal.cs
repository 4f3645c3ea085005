using System.Diagnostics;
using System.Text;

namespace Movento.Harness;

/// <summary>A shell command at a pseudo terminal of its own (by <c>script</c> of util-linux): it sees somebody at its keyboard, and what it shows can be read.</summary>
public sealed class Terminal : IAsyncDisposable
{
    /// <summary>The keys of Ctrl-C and Ctrl-D.</summary>
    public const string Interrupt = "\u0003", EndOfInput = "\u0004";

    private readonly Process _script;
    private readonly StringBuilder _screen = new();
    private readonly Task _reading;

    private Terminal(Process script)
    {
        _script = script;
        _reading = ReadAsync();
    }

    /// <summary>Everything that was shown until now.</summary>
    public string Screen
    {
        get
        {
            lock (_screen) return _screen.ToString();
        }
    }

    /// <summary>Starts a command.</summary>
    /// <param name="command">What a shell runs.</param>
    /// <param name="environment">What it finds in its environment besides.</param>
    public static Terminal Start(string command, params (string Name, string Value)[] environment)
    {
        // Whoever runs the tests in the background has them ignore Ctrl-C, and a shell cannot take that back.
        var start = new ProcessStartInfo("env", ["--default-signal=INT", "script", "--quiet", "--return", "--command", command, "/dev/null"])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        start.Environment["SHELL"] = "/bin/sh";
        start.Environment["TERM"] = "xterm";
        foreach (var (name, value) in environment) start.Environment[name] = value;
        return new Terminal(Process.Start(start)!);
    }

    /// <summary>Waits until it is shown.</summary>
    public Task ShowsAsync(string text) => Eventually.TrueAsync(
        () => Screen.Contains(text, StringComparison.Ordinal)
            || (_reading.IsCompleted ? throw new InvalidOperationException($"The terminal is closed without '{text}': {Screen}") : false),
        $"the terminal shows '{text}'");

    /// <summary>Presses keys.</summary>
    public async Task TypeAsync(string keys)
    {
        await _script.StandardInput.WriteAsync(keys);
        await _script.StandardInput.FlushAsync();
    }

    /// <summary>Waits for the command's end; everything that it has shown.</summary>
    public async Task<string> EndAsync()
    {
        await _reading.WaitAsync(Eventually.DefaultLimit);
        return Screen;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (!_script.HasExited) _script.Kill(entireProcessTree: true);
        await _reading;
        await _script.WaitForExitAsync();
        _script.Dispose();
    }

    private async Task ReadAsync()
    {
        var buffer = new char[4096];
        while (await _script.StandardOutput.ReadAsync(buffer) is > 0 and var read)
        {
            lock (_screen) _screen.Append(buffer, 0, read);
        }
    }
}
