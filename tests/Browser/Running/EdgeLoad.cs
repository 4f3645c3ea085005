using System.Net;

namespace Movento.Browser.Tests.Running;

/// <summary>Viewers who fetch one file after the other from an edge, and try again when it does not answer, until they are told to stop.</summary>
internal sealed class EdgeLoad : IAsyncDisposable
{
    // Each of them: a few hundred requests a second in all, beside a browser on two cores.
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);
    private const int Viewers = 8;

    private readonly CancellationTokenSource _stop = new();
    private readonly HttpClient _http = new() { Timeout = TimeSpan.FromMilliseconds(StreamingSite.PatienceMilliseconds) };
    private readonly Task _viewers;
    private long _answered;
    private long _unanswered;
    private volatile string? _fault;

    public EdgeLoad(IReadOnlyList<string> urls) => _viewers = Task.WhenAll(Enumerable.Range(0, Viewers).Select(viewer => ViewAsync(urls, viewer)));

    /// <summary>Requests that were answered as they should be, to the last byte.</summary>
    public long Answered => Volatile.Read(ref _answered);

    /// <summary>Requests that got no answer, or half of one.</summary>
    public long Unanswered => Volatile.Read(ref _unanswered);

    /// <summary>An answer that should never be given; null where there was none.</summary>
    public string? Fault => _fault;

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _viewers;
        _http.Dispose();
        _stop.Dispose();
    }

    private async Task ViewAsync(IReadOnlyList<string> urls, int viewer)
    {
        using var timer = new PeriodicTimer(Pause);
        try
        {
            for (var next = viewer; await timer.WaitForNextTickAsync(_stop.Token); next++)
            {
                try
                {
                    using var answer = await _http.GetAsync(urls[next % urls.Count], _stop.Token);
                    if (answer.StatusCode == HttpStatusCode.OK) Interlocked.Increment(ref _answered);
                    else _fault = $"{(int)answer.StatusCode} to {urls[next % urls.Count]}: {await answer.Content.ReadAsStringAsync(_stop.Token)}";
                }
                catch (HttpRequestException)
                {
                    Interlocked.Increment(ref _unanswered);
                }
                catch (OperationCanceledException) when (!_stop.IsCancellationRequested)
                {
                    _fault = $"no answer to {urls[next % urls.Count]}, and no end of the connection";
                }
            }
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
        }
    }
}
