using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;
using Movento.Load.Contest;
using Movento.Servers;

namespace Movento.Load.Uploads;

/// <summary>
/// The memory of the running executable, all roles in one process, while 200 uploads are under way at the same time: none ends before every
/// one has sent half of its bytes.
/// </summary>
internal static class ParallelUploads
{
    private const int Uploads = 200;
    private const int FileBytes = 8 << 20;

    public static async Task<IReadOnlyList<ComparisonResult>> RunAsync(ComparisonSettings settings, CancellationToken cancellationToken)
    {
        var movento = new RunningMovento { IsMeasured = true };
        await movento.InitializeAsync();
        try
        {
            var process = movento.Process.Id;
            for (var round = 1; round <= settings.Rounds; round++)
            {
                var before = ResidentBytes(process, "VmRSS:");
                using var done = new CancellationTokenSource();
                var peak = WatchAsync(process, done.Token);
                var watch = Stopwatch.StartNew();
                await UploadAllAsync(movento, round, cancellationToken);
                var seconds = watch.Elapsed.TotalSeconds;
                await done.CancelAsync();
                var most = await peak;
                Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                    $"round {round}  {Uploads} uploads of {FileBytes >> 20} MiB in {seconds:0.0} s ({Uploads * (double)FileBytes / seconds / 1e6:0} MB/s)  resident: {before / 1048576.0:0} MiB before, {most / 1048576.0:0} MiB at most; high-water mark since the start {ResidentBytes(process, "VmHWM:") / 1048576.0:0} MiB"));
            }

            return [];
        }
        finally
        {
            await movento.DisposeAsync();
        }
    }

    private static async Task UploadAllAsync(RunningMovento movento, int round, CancellationToken cancellationToken)
    {
        var file = new byte[FileBytes];
        new Random(round).NextBytes(file);
        using var http = new HttpClient(new SocketsHttpHandler { MaxConnectionsPerServer = Uploads }) { BaseAddress = movento.Api, Timeout = TimeSpan.FromMinutes(10) };
        http.DefaultRequestHeaders.Authorization = movento.Http.DefaultRequestHeaders.Authorization;
        http.DefaultRequestHeaders.Add("Tus-Resumable", "1.0.0");
        var halfway = new Meeting(Uploads);
        await Task.WhenAll(Enumerable.Range(0, Uploads).Select(async _ =>
        {
            using var create = new HttpRequestMessage(HttpMethod.Post, "/api/uploads");
            create.Headers.Add("Upload-Length", FileBytes.ToString(CultureInfo.InvariantCulture));
            using var made = (await http.SendAsync(create, cancellationToken)).EnsureSuccessStatusCode();
            using var append = new HttpRequestMessage(HttpMethod.Patch, made.Headers.Location) { Content = new HalvedContent(file, halfway) };
            append.Headers.Add("Upload-Offset", "0");
            using var answer = (await http.SendAsync(append, cancellationToken)).EnsureSuccessStatusCode();
        }));
    }

    private static async Task<long> WatchAsync(int process, CancellationToken done)
    {
        long peak = 0;
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        try
        {
            while (await timer.WaitForNextTickAsync(done)) peak = Math.Max(peak, ResidentBytes(process, "VmRSS:"));
        }
        catch (OperationCanceledException)
        {
            // The round is over.
        }

        return peak;
    }

    // A line such as "VmRSS:    1234 kB" (proc(5)), in bytes.
    private static long ResidentBytes(int process, string name)
    {
        var line = File.ReadLines($"/proc/{process}/status").First(line => line.StartsWith(name, StringComparison.Ordinal));
        return 1024 * long.Parse(line.AsSpan(name.Length, line.Length - name.Length - 2), NumberStyles.AllowLeadingWhite | NumberStyles.AllowTrailingWhite, CultureInfo.InvariantCulture);
    }

    // Everybody meets where waiting costs no thread.
    private sealed class Meeting(int parties)
    {
        private readonly TaskCompletionSource _all = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private int _there;

        public Task ArriveAsync()
        {
            if (Interlocked.Increment(ref _there) == parties) _all.SetResult();
            return _all.Task;
        }
    }

    private sealed class HalvedContent : HttpContent
    {
        private readonly byte[] _file;
        private readonly Meeting _halfway;

        public HalvedContent(byte[] file, Meeting halfway)
        {
            (_file, _halfway) = (file, halfway);
            Headers.ContentType = new MediaTypeHeaderValue("application/offset+octet-stream");
        }

        protected override async Task SerializeToStreamAsync(Stream stream, System.Net.TransportContext? context)
        {
            var half = _file.Length / 2;
            await stream.WriteAsync(_file.AsMemory(0, half));
            await stream.FlushAsync();
            await _halfway.ArriveAsync();
            await stream.WriteAsync(_file.AsMemory(half));
        }

        protected override bool TryComputeLength(out long length)
        {
            length = _file.Length;
            return true;
        }
    }
}
