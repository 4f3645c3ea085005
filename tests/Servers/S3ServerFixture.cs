using System.Diagnostics;
using System.Globalization;
using Movento.Storage;
using Movento.Harness;
using Xunit;

namespace Movento.Servers;

/// <summary>
/// A server of the S3 protocol of the test's own (npm's s3rver, in MinIO's stead), on a free port and in a temporary folder; gone with
/// the fixture.
/// </summary>
public sealed class S3ServerFixture : IAsyncLifetime
{
    private const string Listening = "S3rver listening on ";
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(120);

    private TemporaryFolder? _folder;
    private Process? _server;
    private int _port;

    /// <summary>How to reach the server; its bucket <c>movento</c> exists.</summary>
    public S3StorageOptions Options => new()
    {
        Endpoint = string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{_port}"),
        Bucket = "movento",
        AccessKey = "S3RVER",
        SecretKey = "S3RVER",
    };

    /// <summary>Kills the server, as a machine that goes away would.</summary>
    public async Task StopAsync()
    {
        if (_server is null or { HasExited: true }) return;
        _server.Kill(entireProcessTree: true);
        await _server.WaitForExitAsync();
    }

    /// <inheritdoc/>
    public async Task InitializeAsync()
    {
        var script = Repository.Combine("tests", "npm", "node_modules", "s3rver", "bin", "s3rver.js");
        if (!File.Exists(script)) throw new FileNotFoundException("s3rver is missing: run 'npm ci' in tests/npm.", script);

        _folder = new TemporaryFolder();
        // The provider is for its continuation tokens, which it enciphers with what OpenSSL 3 calls legacy.
        // Port 0: the kernel chooses one, and the server says which.
        _server = Process.Start(new ProcessStartInfo("node", 
        [
            "--openssl-legacy-provider", script, "-d", _folder.FullName, "-a", "127.0.0.1", "-p", "0", "--silent",
            "--configure-bucket", "movento",
        ])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        using var limit = new CancellationTokenSource(StartLimit);
        while (await _server.StandardOutput.ReadLineAsync(limit.Token) is { } line)
        {
            if (!line.StartsWith(Listening, StringComparison.Ordinal)) continue;
            _port = int.Parse(line.AsSpan(line.LastIndexOf(':') + 1), CultureInfo.InvariantCulture);
            break;
        }

        if (_port == 0)
            throw new InvalidOperationException($"s3rver did not start: {await _server.StandardError.ReadToEndAsync(limit.Token)}");

        // It says nothing more of use, but must never wait for a reader.
        _server.BeginErrorReadLine();
        _ = _server.StandardOutput.BaseStream.CopyToAsync(Stream.Null, CancellationToken.None);
    }

    /// <inheritdoc/>
    public async Task DisposeAsync()
    {
        await StopAsync();
        _server?.Dispose();
        _folder?.Dispose();
    }
}
