using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text.Json;
using Movento.Harness;

namespace Movento.Servers;

/// <summary>What the kills came to; none of it is lost, else there is no result.</summary>
public sealed record UploadKillsResult(int Kills, int Uploads, long Bytes, int Acknowledgements, int Resumes);

/// <summary>
/// Clients that upload without pause to a process that is killed at random moments: whatever was acknowledged must be there after the
/// restart, and every file must end whole, once, with its own SHA-256. Two speak tus, two the IETF's draft.
/// </summary>
public sealed class UploadKills
{
    private const int Clients = 4;
    private const int MaxFileBytes = 6 << 20;
    private const int MaxPieceBytes = 1 << 20;
    private const int MaxBytesBetweenKills = 8 << 20;
    private static readonly TimeSpan WholeLimit = TimeSpan.FromMinutes(10);

    private readonly RunningMovento _movento;
    private readonly Random _random;
    private volatile TaskCompletionSource _up = Up();
    private long _sent;
    private volatile int _kills;
    private volatile bool _isOver;
    private int _uploads;
    private long _bytes;
    private int _acknowledgements;
    private int _resumes;

    private UploadKills(RunningMovento movento, int seed) => (_movento, _random) = (movento, new Random(seed));

    /// <summary>Kills a running process so often, and returns once every upload that was begun is whole.</summary>
    /// <param name="seed">Of file sizes, pieces and moments.</param>
    /// <param name="report">Told of every kill.</param>
    /// <exception cref="InvalidOperationException">Something that was acknowledged is gone, or is not what was sent.</exception>
    public static async Task<UploadKillsResult> RunAsync(
        RunningMovento movento, int kills, int seed, Action<string> report, CancellationToken cancellationToken = default)
    {
        var proof = new UploadKills(movento, seed);
        var clients = Enumerable.Range(0, Clients).Select(number => Task.Run(
            () => proof.UploadAsync(new Random(seed + 1 + number), isTus: number % 2 == 0, cancellationToken), cancellationToken)).ToArray();
        for (var kill = 1; kill <= kills; kill++)
        {
            var moment = Interlocked.Read(ref proof._sent) + proof._random.Next(MaxBytesBetweenKills);
            await Eventually.TrueAsync(
                () => Interlocked.Read(ref proof._sent) >= moment || clients.Any(client => client.IsCompleted), "so much is sent", WholeLimit);
            if (clients.FirstOrDefault(client => client.IsFaulted) is { } failed) await failed;
            proof._up = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            proof._kills = kill;
            await movento.KillAsync();
            await movento.StartAsync();
            proof._up.SetResult();
            report($"kill {kill}: {proof._uploads} uploads whole, {proof._acknowledgements} acknowledgements held, {proof._resumes} resumes");
        }

        proof._isOver = true;
        await Task.WhenAll(clients).WaitAsync(WholeLimit, cancellationToken);
        return new UploadKillsResult(kills, proof._uploads, proof._bytes, proof._acknowledgements, proof._resumes);
    }

    private static TaskCompletionSource Up()
    {
        var up = new TaskCompletionSource();
        up.SetResult();
        return up;
    }

    private async Task UploadAsync(Random random, bool isTus, CancellationToken cancellationToken)
    {
        while (!_isOver)
        {
            var file = new byte[1 + random.Next(MaxFileBytes)];
            random.NextBytes(file);
            await new Client(this, random, isTus, file).RunAsync(cancellationToken);
            Interlocked.Increment(ref _uploads);
            Interlocked.Add(ref _bytes, file.Length);
        }
    }

    /// <summary>One file, until it is whole.</summary>
    private sealed class Client(UploadKills proof, Random random, bool isTus, byte[] file)
    {
        private readonly string _key = Guid.NewGuid().ToString("N");
        private string? _url;

        // What the server has said that it has.
        private long _acknowledged;

        public async Task RunAsync(CancellationToken cancellationToken)
        {
            long offset = 0;
            var isKnown = false;
            while (true)
            {
                // Read before the process is seen to be up: a failure that no later kill explains is a failure.
                var kills = proof._kills;
                await proof._up.Task.WaitAsync(cancellationToken);
                try
                {
                    _url ??= await CreateAsync(cancellationToken);
                    if (!isKnown)
                    {
                        offset = await FindOffsetAsync(cancellationToken);
                        isKnown = true;
                    }
                    if (offset == file.Length) break;
                    offset = await AppendAsync(offset, cancellationToken);
                }
                catch (Exception error) when (error is HttpRequestException or IOException && !cancellationToken.IsCancellationRequested)
                {
                    await proof._up.Task.WaitAsync(cancellationToken);
                    if (proof._kills == kills) throw new InvalidOperationException($"Without a kill: {error.Message}", error);
                    Interlocked.Increment(ref proof._resumes);
                    isKnown = false;
                }
            }

            await DemandWholeAsync();
        }

        private async Task<string> CreateAsync(CancellationToken cancellationToken)
        {
            using var request = NewRequest(HttpMethod.Post, "/api/uploads?fileName=killed.mp4");
            request.Headers.Add("Idempotency-Key", _key);
            request.Headers.Add("Upload-Length", file.Length.ToString(CultureInfo.InvariantCulture));
            if (!isTus) request.Headers.Add("Upload-Complete", "?0");
            using var answer = await SendAsync(request, cancellationToken);
            return answer.Headers.Location!.ToString();
        }

        private async Task<long> FindOffsetAsync(CancellationToken cancellationToken)
        {
            using var request = NewRequest(HttpMethod.Head, _url!);
            using var answer = await SendAsync(request, cancellationToken);
            return Acknowledge(answer);
        }

        private async Task<long> AppendAsync(long offset, CancellationToken cancellationToken)
        {
            var length = (int)Math.Min(file.Length - offset, 1 + random.Next(MaxPieceBytes));
            using var request = NewRequest(HttpMethod.Patch, _url!);
            request.Headers.Add("Upload-Offset", offset.ToString(CultureInfo.InvariantCulture));
            if (!isTus) request.Headers.Add("Upload-Complete", offset + length == file.Length ? "?1" : "?0");
            request.Content = new StreamContent(new Counting(file, (int)offset, length, proof), 16 << 10);
            request.Content.Headers.ContentLength = length;
            request.Content.Headers.ContentType = new MediaTypeHeaderValue(isTus ? "application/offset+octet-stream" : "application/partial-upload");
            using var answer = await SendAsync(request, cancellationToken);
            return Acknowledge(answer);
        }

        private long Acknowledge(HttpResponseMessage answer)
        {
            var offset = long.Parse(answer.Headers.GetValues("Upload-Offset").Single(), CultureInfo.InvariantCulture);
            if (offset < _acknowledged) throw new InvalidOperationException($"{_url} had {_acknowledged} bytes, and now has {offset}.");
            if (offset > file.Length) throw new InvalidOperationException($"{_url} has {offset} bytes of {file.Length}.");
            _acknowledged = offset;
            Interlocked.Increment(ref proof._acknowledgements);
            return offset;
        }

        private HttpRequestMessage NewRequest(HttpMethod method, string url)
        {
            var request = new HttpRequestMessage(method, url);
            if (isTus) request.Headers.Add("Tus-Resumable", "1.0.0");
            return request;
        }

        private async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var answer = await proof._movento.Http.SendAsync(request, cancellationToken);
            if (answer.IsSuccessStatusCode) return answer;
            var text = await answer.Content.ReadAsStringAsync(cancellationToken);
            var status = answer.StatusCode;
            answer.Dispose();
            // A server that was killed in the midst of its answer may have said so much already; what it says otherwise is its fault.
            throw status >= HttpStatusCode.InternalServerError
                ? new HttpRequestException($"{status}: {text}")
                : new InvalidOperationException($"{request.Method} {_url} was answered {status}: {text}");
        }

        // The last acknowledgement says that every byte is safe; that it is queued may take the next process a moment.
        private async Task DemandWholeAsync()
        {
            var id = _url![(_url!.LastIndexOf('/') + 1)..];
            await Eventually.TrueAsync(
                async () =>
                {
                    await proof._up.Task;
                    try
                    {
                        return (await proof._movento.Http.GetFromJsonAsync<JsonElement>($"/api/assets/{id}")).GetProperty("state").GetString() == "queued";
                    }
                    catch (Exception error) when (error is HttpRequestException or IOException)
                    {
                        return false;
                    }
                },
                $"{id} is queued",
                WholeLimit);
            await using var stored = File.OpenRead(Path.Combine(proof._movento.DataFolder, "objects", "uploads", id));
            if (!(await SHA256.HashDataAsync(stored)).AsSpan().SequenceEqual(SHA256.HashData(file)))
                throw new InvalidOperationException($"{id} has another SHA-256 than the file that was sent.");
        }
    }

    // Counts what is handed to the connection: the moments of the kills are so many bytes, and never between two pieces only.
    private sealed class Counting(byte[] file, int offset, int length, UploadKills proof) : MemoryStream(file, offset, length, writable: false)
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            var read = Read(buffer.Span);
            Interlocked.Add(ref proof._sent, read);
            return ValueTask.FromResult(read);
        }

        public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
            ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();
    }
}
