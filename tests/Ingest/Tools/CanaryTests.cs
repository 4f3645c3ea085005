using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Logging.Abstractions;
using Movento.Harness;
using Movento.Ingest.Tools;

namespace Movento.Ingest.Tests.Tools;

/// <summary>
/// Files that call themselves films and are lists of other files, given to ffmpeg as if no probe had refused them. Two things keep it from the canary
/// and from the network, each without the other: the lists of demuxers and protocols, and the sandbox. With neither it reads and connects; else these
/// tests would prove nothing.
/// </summary>
public sealed class CanaryTests : IAsyncLifetime
{
    private const string Playlist = "#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\n{0}\n#EXT-X-ENDLIST\n";
    private const string Header = "#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXT-X-MAP:URI=\"{0}\"\n#EXTINF:1,\n{0}\n#EXT-X-ENDLIST\n";

    private const string Description =
        "<?xml version=\"1.0\"?>\n<MPD xmlns=\"urn:mpeg:dash:schema:mpd:2011\" type=\"static\" mediaPresentationDuration=\"PT1S\" minBufferTime=\"PT1S\" "
        + "profiles=\"urn:mpeg:dash:profile:full:2011\"><Period><AdaptationSet mimeType=\"video/mp2t\"><Representation id=\"1\" bandwidth=\"1000\" "
        + "codecs=\"avc1.42c01e\"><BaseURL>{0}</BaseURL></Representation></AdaptationSet></Period></MPD>";

    private const string Concatenation = "ffconcat version 1.0\nfile {0}\n";

    private readonly TemporaryFolder _folder = new();
    private readonly ToolRunner _bare = new(TimeProvider.System);
    private ToolRunner _sandboxed = null!;

    private string Job => _folder.Combine("job");

    public static TheoryData<string, string, bool, bool> Cases()
    {
        var cases = new TheoryData<string, string, bool, bool>();
        foreach (var (form, target) in ((string, string)[])
            [(Playlist, "canary"), (Playlist, "network"), (Header, "network"), (Description, "canary"), (Description, "network"), (Concatenation, "sibling")])
        {
            foreach (var (isListed, isSandboxed) in ((bool, bool)[])[(false, false), (true, false), (false, true), (true, true)])
            {
                // A file beside it, in its own folder, is not hidden from a tool in the sandbox.
                if (target != "sibling" || isListed || !isSandboxed) cases.Add(form, target, isListed, isSandboxed);
            }
        }
        return cases;
    }

    public async Task InitializeAsync()
    {
        Directory.CreateDirectory(Job);
        var sandbox = new ToolSandbox(
            new IngestOptions { WorkFolder = _folder.Combine("work"), Sandbox = SandboxUse.Required }, TimeProvider.System, NullLogger<ToolSandbox>.Instance);
        await sandbox.StartAsync(default);
        _sandboxed = new ToolRunner(TimeProvider.System, sandbox);
    }

    public Task DisposeAsync()
    {
        _folder.Dispose();
        return Task.CompletedTask;
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task ListThatCallsItselfAFilm_GivenToFfmpeg_ReachesTheCanaryOnlyWithoutProtection(string form, string target, bool isListed, bool isSandboxed)
    {
        await using var canary = await Canary.SetAsync(_folder.Combine("aviary"), Path.Combine(Job, "sibling.ts"));
        var link = target switch { "canary" => canary.Path, "network" => canary.Url, _ => "sibling.ts" };
        await File.WriteAllTextAsync(Path.Combine(Job, "film.mp4"), form.Replace("{0}", link, StringComparison.Ordinal));

        var output = Path.Combine(Job, "out.ts");
        await (isSandboxed ? _sandboxed : _bare).RunAsync(new ToolRun
        {
            Tool = "ffmpeg",
            Arguments =
            [
                "-hide_banner", "-nostdin", "-loglevel", "error",
                .. isListed ? UntrustedInput.DecodingArguments("film.mp4", 8192 * 4320) : ["-protocol_whitelist", "file,http,tcp,crypto,data", "-i", "file:film.mp4"],
                "-map", "0", "-c", "copy", "-f", "mpegts", "-y", "file:out.ts",
            ],
            Folder = Job,
            TimeLimit = TimeSpan.FromSeconds(60),
            MemoryBytes = 1L << 30,
        }, default);

        var isReached = await canary.IsReadAsync() || canary.Connections > 0 || new FileInfo(output) is { Exists: true, Length: > 0 };
        Assert.Equal(!isListed && !isSandboxed, isReached);
    }

    /// <summary>A file that tells when it is read, by whatever path and in whatever namespace, and a server that tells when it is called.</summary>
    private sealed class Canary : IAsyncDisposable
    {
        private readonly FileSystemWatcher _watcher;
        private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
        private readonly ConcurrentQueue<string> _reads = new();
        private readonly Task _accepting;
        private int _connections;

        private Canary(string folder)
        {
            Folder = folder;
            // inotify(7): IN_ACCESS, of the file itself.
            _watcher = new FileSystemWatcher(folder) { NotifyFilter = NotifyFilters.LastAccess };
            _watcher.Changed += (_, change) => _reads.Enqueue(change.Name!);
            _watcher.EnableRaisingEvents = true;
            _listener.Start();
            _accepting = AcceptAsync();
        }

        public string Path => System.IO.Path.Combine(Folder, "canary.ts");

        public string Url => $"http://{_listener.LocalEndpoint}/canary.ts";

        public int Connections => Volatile.Read(ref _connections);

        private string Folder { get; }

        /// <summary>Makes it, and a copy that nobody watches.</summary>
        public static async Task<Canary> SetAsync(string folder, string copy)
        {
            Directory.CreateDirectory(folder);
            var made = System.IO.Path.Combine(folder, "canary.ts");
            await Tool.OutputAsync(
                "ffmpeg", "-v", "error", "-nostdin", "-y", "-f", "lavfi", "-i", "testsrc2=s=64x36:d=1", "-c:v", "libx264", "-preset", "ultrafast", "-f", "mpegts", made);
            await File.WriteAllTextAsync(System.IO.Path.Combine(folder, "last"), "word");
            File.Copy(made, copy);
            return new Canary(folder);
        }

        /// <summary>Whether anybody has read it.</summary>
        public async Task<bool> IsReadAsync()
        {
            // Events come in the order of what happened: with this one, all before it have come.
            await File.ReadAllTextAsync(System.IO.Path.Combine(Folder, "last"));
            await Eventually.TrueAsync(() => _reads.Contains("last"), "the watcher has told of everything");
            return _reads.Contains("canary.ts");
        }

        public async ValueTask DisposeAsync()
        {
            _watcher.Dispose();
            _listener.Stop();
            await _accepting;
            _listener.Dispose();
        }

        // Counts, and hangs up.
        private async Task AcceptAsync()
        {
            try
            {
                while (true)
                {
                    using var caller = await _listener.AcceptSocketAsync();
                    Interlocked.Increment(ref _connections);
                }
            }
            catch (SocketException)
            {
                // Stopped.
            }
            catch (ObjectDisposedException)
            {
                // Stopped.
            }
        }
    }
}
