using System.Buffers;
using System.Diagnostics;
using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Primitives;
using Movento.Edge.Admission;
using Movento.Edge.Cache;
using Movento.Edge.Delivery;
using Movento.Edge.Delivery.Selection;
using Movento.Edge.Health;
using Movento.Edge.Keys;
using Movento.Edge.Observation;
using Movento.Edge.Observation.Playbacks;
using Movento.Edge.Operation;
using Movento.Edge.Steering;
using Movento.Packager.Presentations;

namespace Movento.Edge;

/// <summary>
/// Answers one request, from its URL to the last byte:
/// 1. the URL names a file of the edge, or 404;
/// 2. the method is GET or HEAD (POST for a licence or a player's report), or OPTIONS that asks what it may, or 405;
/// 3. the token opens the URL, or 403; address and session have not had more than they may, or 429; what a session asks of a manifest is well said,
///    or 400;
/// 4. keys and steering manifests are given out, and reports taken, by classes of their own; there is such a file, found in memory or asked from the origin once, or 404,
///    and the token allows its height, or 403;
/// 5. the client's conditions hold, or 304 or 412;
/// 6. its ranges can be served, or 416;
/// 7. the first bytes are in memory, or 502, 503, 504: after the head nothing can be taken back;
/// 8. the head; 9. the body, piece by piece.
/// </summary>
internal sealed class EdgeHandler(
    EdgeOptions options,
    Gatekeeper gatekeeper,
    Turnstile turnstile,
    Representations representations,
    BlockCache blocks,
    BodyWriter body,
    KeyDelivery keys,
    SteeringDelivery steering,
    ClientDataReports reports,
    CrossOrigin crossOrigin,
    ServerData serverData,
    HealthChecks health,
    DrainState drain,
    RequestObserver observer)
{
    private static readonly StringValues AcceptBytes = "bytes";
    private static readonly StringValues NoStore = "no-store";
    private static readonly StringValues Close = "close";
    private static readonly StringValues AllowedMethods = "GET, HEAD, OPTIONS";
    private static readonly StringValues LicenseMethods = "POST, OPTIONS";

    // A version never changes, so a browser may keep it for good. A shared cache may keep it too, but must ask again after a while, so
    // that a URL dies there soon after its token does (docs/formats/edge.md).
    private readonly StringValues _cacheControl = string.Create(
        CultureInfo.InvariantCulture,
        $"public, max-age=31536000, s-maxage={(long)options.SharedCacheLifetime.TotalSeconds}, immutable");

    // Until a version is whole, its manifests grow.
    private readonly StringValues _growingCacheControl = string.Create(
        CultureInfo.InvariantCulture, $"public, max-age={(long)Math.Floor(options.GrowingLifetime.TotalSeconds)}, must-revalidate");

    public async Task InvokeAsync(HttpContext context)
    {
        var observed = observer.Begin();
        // A player that connects again does so through the load balancer, which knows (RFC 9112 §9.6). HTTP/2 says it by GOAWAY when the server stops.
        if (drain.IsDraining && HttpProtocol.IsHttp11(context.Request.Protocol)) context.Response.Headers.Connection = Close;
        crossOrigin.Apply(context.Request.Headers, context.Response.Headers);

        // :: Steps 1 to 4
        var target = context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        var pass = Turnstile.Pass.None;
        var admission = Admit(context, target, ref pass, out var admitted, out var representation);
        Answer answer = EdgeOutcome.ClientGone;
        try
        {
            answer = await AnswerAsync(context, observed, target, admission, admitted, representation);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // It stays at that.
        }
        finally
        {
            turnstile.Leave(pass, answer.Sent);
        }

        observer.End(context, observed, answer.Outcome, answer.Sent);
    }

    private async ValueTask<Answer> AnswerAsync(
        HttpContext context, ObservedRequest observed, string target, EdgeOutcome? admission, Admitted admitted, Representation? representation)
    {
        var request = context.Request;
        var response = context.Response;
        switch (admission)
        {
            case null: break;
            case EdgeOutcome.Preflight: return AnswerPreflight(response);
            case EdgeOutcome.Health: return await health.AnswerAsync(context);
            case EdgeOutcome.Keys:
                var answered = await keys.AnswerAsync(context, target);
                return answered == EdgeOutcome.Keys ? answered : await FailAsync(context, answered);
            case EdgeOutcome.Steering:
                var steered = await steering.AnswerAsync(context, target);
                return steered == EdgeOutcome.Steering ? steered : await FailAsync(context, steered);
            case EdgeOutcome.Reported:
                var taken = await reports.AnswerAsync(context, target);
                return taken == EdgeOutcome.Reported ? taken : await FailAsync(context, taken);
            default: return await FailAsync(context, admission.Value);
        }

        var tier = CacheTier.Memory;
        if (representation is null)
        {
            (representation, tier, var missing) = await representations.LoadAsync(target, admitted, context.RequestAborted);
            if (representation is null) return await FailAsync(context, missing ?? throw new UnreachableException());
        }

        if (representation is RefusedRepresentation) return await FailAsync(context, EdgeOutcome.RenditionTooHigh);
        if (representation is MovedRepresentation moved) return Redirect(response, moved, target);

        // :: Step 5
        var etag = representation.ETag;
        switch (Preconditions.Evaluate(request.Headers, etag))
        {
            case EdgeOutcome.NotModified:
                SetValidators(response, representation);
                response.StatusCode = StatusCodes.Status304NotModified;
                return EdgeOutcome.NotModified;
            case { } failed:
                return await FailAsync(context, failed);
        }

        // :: Step 6
        var isHead = HttpMethods.IsHead(request.Method);
        var range = new ByteRange(0, representation.Length);
        MultipartByteRanges? multipart = null;
        var isPartial = false;
        if (!isHead && AsksForRange(request.Headers, etag))
        {
            var asked = ReadRange(request.Headers.Range, representation, ref range, out multipart);
            if (asked is RangeRequest.Malformed or RangeRequest.Unsatisfiable or RangeRequest.Excessive)
            {
                response.Headers.ContentRange = $"bytes */{representation.Length}";
                return await FailAsync(context, EdgeOutcome.RangeNotSatisfiable);
            }

            isPartial = asked == RangeRequest.Satisfiable;
        }

        // :: Step 7
        if (!isHead)
        {
            var preparing = PrepareAsync(context, representation, range);
            var isWaitedFor = !preparing.IsCompleted;
            if (await preparing is { } failure) return await FailAsync(context, failure);
            observer.Found(observed, isWaitedFor ? Farther(tier, SourceOf(representation, range)) : tier);
        }

        // :: Step 8
        SetValidators(response, representation);
        ServerTiming.Apply(response.Headers, observed);
        serverData.Apply(context, representation, observed);
        response.Headers.AcceptRanges = AcceptBytes;
        response.StatusCode = isPartial ? StatusCodes.Status206PartialContent : StatusCodes.Status200OK;
        response.ContentType = multipart is null ? representation.ContentType : MultipartByteRanges.ContentType;
        response.ContentLength = multipart?.Length ?? range.Size;
        if (isPartial && multipart is null)
            response.Headers.ContentRange = ContentRangeTexts.Of(range, representation.Length);

        var outcome = isPartial ? EdgeOutcome.Partial : EdgeOutcome.Whole;
        if (isHead) return outcome;

        // :: Step 9
        await response.StartAsync();
        var ended = multipart is null
            ? await WriteAsync(context, representation, range)
            : await WriteAsync(context, representation, multipart);
        switch (ended.Failure)
        {
            case null: return new Answer(outcome, ended.Sent);
            case EdgeOutcome.ClientGone: return new Answer(EdgeOutcome.ClientGone, ended.Sent);
            default:
                // The head promised more: only a broken connection tells the client that this is not all.
                context.Abort();
                return new Answer(EdgeOutcome.CutMidway, ended.Sent);
        }
    }

    private EdgeOutcome? Admit(
        HttpContext context, string target, ref Turnstile.Pass pass, out Admitted admitted, out Representation? representation)
    {
        admitted = default;
        representation = null;
        var method = context.Request.Method;
        var path = EdgeUrl.PathOf(target);
        if (!EdgeUrl.TryParse(path, out var url)) return HealthChecks.IsPath(path) ? EdgeOutcome.Health : EdgeOutcome.NotFound;
        if (HttpMethods.IsOptions(method)) return EdgeOutcome.Preflight;
        var isPosted = url.File is EdgeFile.License or EdgeFile.ClientData;
        var isAllowed = isPosted ? HttpMethods.IsPost(method) : HttpMethods.IsGet(method) || HttpMethods.IsHead(method);
        if (!isAllowed) return isPosted ? EdgeOutcome.LicenseMethodNotAllowed : EdgeOutcome.MethodNotAllowed;
        var visitor = gatekeeper.Look(context, url, target);
        if (turnstile.EnterAddress(visitor.Address, out pass, out var retryAfter) is { } tooMuch) return RefuseForNow(context.Response, tooMuch, retryAfter);
        if (gatekeeper.Refuse(url, visitor, out admitted) is { } refusal) return refusal;
        if (turnstile.EnterSession(admitted.Session, ref pass, out retryAfter) is { } tooMuchOfOne) return RefuseForNow(context.Response, tooMuchOfOne, retryAfter);
        if (url.File is EdgeFile.Key or EdgeFile.License) return EdgeOutcome.Keys;
        if (url.File == EdgeFile.Steering) return EdgeOutcome.Steering;
        if (url.File == EdgeFile.ClientData) return EdgeOutcome.Reported;
        var query = default(ManifestQuery);
        if (url.IsListing && !ManifestQuery.TryParse(EdgeUrl.QueryOf(target), out query)) return EdgeOutcome.QueryMalformed;
        representation = representations.Find(url, query, admitted);
        return null;
    }

    private static EdgeOutcome RefuseForNow(HttpResponse response, EdgeOutcome outcome, StringValues retryAfter)
    {
        response.Headers.RetryAfter = retryAfter;
        return outcome;
    }

    private static bool AsksForRange(IHeaderDictionary request, string etag) =>
        request.Range.Count > 0
        && (request.IfRange.Count == 0 || (request.IfRange.Count == 1 && EntityTags.AllowRange(request.IfRange[0], etag)));

    private RangeRequest ReadRange(StringValues header, Representation representation, ref ByteRange range, out MultipartByteRanges? multipart)
    {
        multipart = null;
        if (header.Count > 1) return RangeRequest.Malformed;

        // MaxRangesPerRequest is at most 256: 4 KB.
        Span<ByteRange> ranges = stackalloc ByteRange[options.MaxRangesPerRequest];
        var asked = RangeHeader.Parse(header[0], representation.Length, ranges, out var count);
        if (asked != RangeRequest.Satisfiable) return asked;
        range = ranges[0];
        if (count > 1) multipart = new MultipartByteRanges(representation, ranges[..count].ToArray());
        return asked;
    }

    private ValueTask<EdgeOutcome?> PrepareAsync(HttpContext context, Representation representation, ByteRange range) =>
        representation switch
        {
            MediaFile file => body.PrepareAsync(context, file, range),
            MediaPart part => body.PrepareAsync(context, part.File, part.InFile(range)),
            _ => default,
        };

    private CacheTier SourceOf(Representation representation, ByteRange range) => representation switch
    {
        MediaFile file => blocks.SourceOf(file, range.Offset),
        MediaPart part => blocks.SourceOf(part.File, part.InFile(range).Offset),
        _ => CacheTier.Memory,
    };

    private static CacheTier Farther(CacheTier one, CacheTier other) => one > other ? one : other;

    private ValueTask<BodyEnd> WriteAsync(HttpContext context, Representation representation, ByteRange range) =>
        representation switch
        {
            MediaFile file => body.WriteAsync(context, file, range),
            MediaPart part => body.WriteAsync(context, part.File, part.InFile(range)),
            Document document => body.WriteAsync(context, document, range),
            _ => throw new UnreachableException(),
        };

    private async ValueTask<BodyEnd> WriteAsync(
        HttpContext context, Representation representation, MultipartByteRanges multipart)
    {
        var output = context.Response.BodyWriter;
        var sent = 0L;
        for (var part = 0; part < multipart.Ranges.Length; part++)
        {
            output.Write(multipart.Before(part));
            var ended = await WriteAsync(context, representation, multipart.Ranges[part]);
            sent += ended.Sent;
            if (ended.Failure is not null) return ended with { Sent = sent };
        }

        // Flushed here: the server would keep these last bytes until the connection's end.
        output.Write(multipart.Before(multipart.Ranges.Length));
        return new BodyEnd(sent, await output.FlushAsync() is { IsCompleted: false } ? null : EdgeOutcome.ClientGone);
    }

    private void SetValidators(HttpResponse response, Representation representation)
    {
        response.Headers.ETag = representation.ETag;
        response.Headers.CacheControl = representation is Document { IsGrowing: true } ? _growingCacheControl : _cacheControl;
    }

    private EdgeOutcome Redirect(HttpResponse response, MovedRepresentation moved, string target)
    {
        response.StatusCode = StatusCodes.Status307TemporaryRedirect;
        response.Headers.Location = moved.Place + ManifestQuery.WithoutAddressing(EdgeUrl.QueryOf(target));
        response.Headers.CacheControl = _growingCacheControl;
        return EdgeOutcome.Redirected;
    }

    private static EdgeOutcome AnswerPreflight(HttpResponse response)
    {
        response.StatusCode = StatusCodes.Status204NoContent;
        CrossOrigin.ApplyPreflight(response.Headers);
        return EdgeOutcome.Preflight;
    }

    private static async ValueTask<EdgeOutcome> FailAsync(HttpContext context, EdgeOutcome outcome)
    {
        var problem = EdgeProblem.Of(outcome);
        var response = context.Response;
        response.StatusCode = problem.Status;
        response.Headers.CacheControl = NoStore;
        if (outcome == EdgeOutcome.MethodNotAllowed) response.Headers.Allow = AllowedMethods;
        if (outcome == EdgeOutcome.LicenseMethodNotAllowed) response.Headers.Allow = LicenseMethods;
        if (outcome is EdgeOutcome.Overloaded or EdgeOutcome.OriginCircuitOpen) response.Headers.RetryAfter = "1";
        response.ContentType = ContentTypes.Problem;
        response.ContentLength = problem.Body.Length;
        if (!HttpMethods.IsHead(context.Request.Method)) await response.BodyWriter.WriteAsync(problem.Body);
        return outcome;
    }

    /// <summary>How the answer came out, and how many bytes of a film went out.</summary>
    private readonly record struct Answer(EdgeOutcome Outcome, long Sent)
    {
        public static implicit operator Answer(EdgeOutcome outcome) => new(outcome, 0);
    }
}
