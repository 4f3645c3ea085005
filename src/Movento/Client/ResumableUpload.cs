using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text;

namespace Movento.Client;

/// <summary>
/// A file on its way by tus 1.0.0: what a broken connection or a restart of the server interrupts goes on where the server says that it is,
/// as long as it gets on at all.
/// </summary>
internal sealed class ResumableUpload(HttpClient http, FileStream file, IProgress<long> progress, Func<CancellationToken, Task> signInAgain, TimeProvider time)
{
    private const string Version = "1.0.0";

    // A server that restarts is back within seconds, a line within minutes.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(10);

    private readonly long _length = file.Length;

    /// <summary>Sends it all, and returns the id that upload and asset have in common.</summary>
    /// <param name="resumeKey">Under which an interrupted upload of an earlier call is gone on with; null: none is.</param>
    /// <exception cref="MoventoClientException">The upload was refused.</exception>
    public async Task<string> RunAsync(string? title, int priority, string? resumeKey, CancellationToken cancellationToken)
    {
        var key = resumeKey ?? Guid.NewGuid().ToString("N");
        Uri? url = null;
        long offset = 0;
        var isKnown = true;
        var failures = 0;
        var lastGain = time.GetTimestamp();
        while (true)
        {
            var before = offset;
            try
            {
                if (url is null)
                {
                    (url, offset) = await CreateAsync(title, priority, key, cancellationToken);
                    if (offset == _length && resumeKey is not null && failures == 0)
                    {
                        // That one was finished long ago; this is another.
                        (key, url, offset) = (Guid.NewGuid().ToString("N"), null, 0);
                        continue;
                    }
                }
                else if (!isKnown)
                {
                    offset = await FindOffsetAsync(url, cancellationToken);
                }

                isKnown = false;
                progress.Report(offset);
                if (offset < _length) offset = await AppendAsync(url, offset, cancellationToken);
                if (offset == _length) return url.OriginalString[(url.OriginalString.LastIndexOf('/') + 1)..];
                isKnown = true;
                failures = 0;
                lastGain = time.GetTimestamp();
            }
            catch (MoventoClientException refusal) when (refusal.Status == HttpStatusCode.Unauthorized && failures == 0)
            {
                // An access token lives for minutes, an upload perhaps for hours.
                failures++;
                await signInAgain(cancellationToken);
            }
            catch (Exception failure) when (IsPassing(failure, cancellationToken) && (failures == 0 || time.GetElapsedTime(lastGain) < Patience))
            {
                if (offset > before) (failures, lastGain) = (0, time.GetTimestamp());
                await Task.Delay(TimeSpan.FromSeconds(Math.Min(0.25 * (1 << Math.Min(failures, 8)), LongestPause.TotalSeconds)), time, cancellationToken);
                failures++;
            }
        }
    }

    private async Task<(Uri Url, long Offset)> CreateAsync(string? title, int priority, string key, CancellationToken cancellationToken)
    {
        using var request = NewRequest(HttpMethod.Post, new Uri("/api/uploads", UriKind.Relative));
        request.Headers.Add("Upload-Length", _length.ToString(CultureInfo.InvariantCulture));
        request.Headers.Add("Idempotency-Key", key);
        var metadata = "filename " + Convert.ToBase64String(Encoding.UTF8.GetBytes(Path.GetFileName(file.Name)));
        if (title is not null) metadata += ",title " + Convert.ToBase64String(Encoding.UTF8.GetBytes(title));
        if (priority != 0) metadata += ",priority " + Convert.ToBase64String(Encoding.UTF8.GetBytes(priority.ToString(CultureInfo.InvariantCulture)));
        request.Headers.Add("Upload-Metadata", metadata);
        using var answer = await SendAsync(request, cancellationToken);
        return (answer.Headers.Location ?? throw new MoventoClientException(answer.StatusCode, "no_location", "The server does not say where the upload is."), OffsetOf(answer));
    }

    private async Task<long> FindOffsetAsync(Uri url, CancellationToken cancellationToken)
    {
        using var request = NewRequest(HttpMethod.Head, url);
        using var answer = await SendAsync(request, cancellationToken);
        return OffsetOf(answer);
    }

    private async Task<long> AppendAsync(Uri url, long offset, CancellationToken cancellationToken)
    {
        using var request = NewRequest(HttpMethod.Patch, url);
        request.Headers.Add("Upload-Offset", offset.ToString(CultureInfo.InvariantCulture));
        file.Position = offset;
        request.Content = new StreamContent(new CountingStream(file, progress, offset), 128 << 10);
        request.Content.Headers.ContentLength = _length - offset;
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/offset+octet-stream");
        using var answer = await SendAsync(request, cancellationToken);
        return OffsetOf(answer);
    }

    private static HttpRequestMessage NewRequest(HttpMethod method, Uri url)
    {
        var request = new HttpRequestMessage(method, url);
        request.Headers.Add("Tus-Resumable", Version);
        return request;
    }

    private async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var answer = await http.SendAsync(request, cancellationToken);
        if (answer.IsSuccessStatusCode) return answer;
        using (answer) await MoventoClient.ThrowAsync(answer, cancellationToken);
        return answer;
    }

    private static long OffsetOf(HttpResponseMessage answer) =>
        answer.Headers.TryGetValues("Upload-Offset", out var values) && long.TryParse(values.First(), NumberStyles.None, CultureInfo.InvariantCulture, out var offset)
            ? offset
            : throw new MoventoClientException(answer.StatusCode, "no_offset", "The server does not say how far the upload is.");

    // A connection that broke, a server that is restarting or busy, an offset that another attempt has moved.
    private static bool IsPassing(Exception failure, CancellationToken cancellationToken) => !cancellationToken.IsCancellationRequested && failure switch
    {
        MoventoClientException refusal => (int)refusal.Status >= 500 && refusal.Status is not (HttpStatusCode.NotImplemented or HttpStatusCode.InsufficientStorage)
            || refusal.Status is HttpStatusCode.Conflict or HttpStatusCode.Locked or HttpStatusCode.TooManyRequests,
        HttpRequestException or HttpIOException => true,
        _ => false,
    };
}
