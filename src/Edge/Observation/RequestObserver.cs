using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.ObjectPool;
using Movento.Edge.Observation.Playbacks;
using Movento.Edge.Observation.Requests;

namespace Movento.Edge.Observation;

/// <summary>Stands around every request: who wants to know how it came out is told here. Nothing of it allocates, waits or fails.</summary>
internal sealed class RequestObserver(EdgeMetrics metrics, AccessLog accessLog, PlaybackObserver playbacks, TimeProvider time)
{
    // As many as requests are answered at once on a busy machine; what is needed beyond is made and dropped.
    private const int Kept = 1024;

    private readonly ObjectPool<ObservedRequest> _pool = new DefaultObjectPool<ObservedRequest>(new DefaultPooledObjectPolicy<ObservedRequest>(), Kept);

    /// <summary>The request's head has been read.</summary>
    public ObservedRequest Begin()
    {
        var observed = _pool.Get();
        observed.Begin(time.GetTimestamp());
        return observed;
    }

    /// <summary>The first byte is there.</summary>
    /// <param name="observed">The request.</param>
    /// <param name="tier">Where it came from; from farther than memory it was waited for.</param>
    public void Found(ObservedRequest observed, CacheTier tier) =>
        observed.FoundIn(tier, tier == CacheTier.Memory ? TimeSpan.Zero : time.GetElapsedTime(observed.StartedAt));

    /// <summary>The answer is over. <paramref name="observed"/> belongs to another request from now on.</summary>
    /// <param name="context">Its head is still there.</param>
    /// <param name="observed">The request.</param>
    /// <param name="outcome">How the answer came out.</param>
    /// <param name="sent">Bytes of a film that went out.</param>
    public void End(HttpContext context, ObservedRequest observed, EdgeOutcome outcome, long sent)
    {
        observed.End(sent);
        metrics.Answered(outcome);
        accessLog.Take(context, observed, outcome);
        if (outcome is EdgeOutcome.Whole or EdgeOutcome.Partial or EdgeOutcome.NotModified) playbacks.Observe(context, observed);
        _pool.Return(observed);
    }
}
