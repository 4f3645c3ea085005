using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Movento.ApiDescription;

namespace Movento.Servers;

/// <summary>
/// Holds endpoints to what they say of themselves: an answer with a status or a code that its endpoint does not describe breaks the connection, and so the test that
/// asked. With it, every test of an area is one of its description too.
/// </summary>
public static class DescribedAnswers
{
    /// <summary>Before everything that answers.</summary>
    public static void UseDescribedAnswers(this IApplicationBuilder app) => app.Use(async (context, next) =>
    {
        var body = context.Response.Body;
        await using var seen = new BeginningStream(body);
        context.Response.Body = seen;
        try
        {
            await next(context);
        }
        finally
        {
            context.Response.Body = body;
        }

        if (WrongWith(context, seen.Beginning) is not { } wrong) return;
        await Console.Error.WriteLineAsync(wrong);
        throw new InvalidOperationException(wrong);
    });

    private static string? WrongWith(HttpContext context, ReadOnlyMemory<byte> beginning)
    {
        // Who has gone is answered by nobody; what the server itself says (100, 104, 499) is no endpoint's; and what failed is in the log.
        if (context.RequestAborted.IsCancellationRequested || context.Response.StatusCode == StatusCodes.Status500InternalServerError) return null;
        if (context.GetEndpoint() is not RouteEndpoint endpoint || endpoint.Metadata.GetMetadata<IExcludeFromDescriptionMetadata>() is not null) return null;
        var place = $"{context.Request.Method} {endpoint.RoutePattern.RawText} answered {context.Response.StatusCode}";
        var refusals = EndpointAnswers.Refusals(endpoint.Metadata).Where(refusal => refusal.Status == context.Response.StatusCode).ToList();
        if (refusals.Count == 0 && !EndpointAnswers.Statuses(endpoint.Metadata).Contains(context.Response.StatusCode)) return $"{place}, which it does not describe.";
        if (context.Response.ContentType?.StartsWith(EndpointDescription.ProblemContentType, StringComparison.Ordinal) is not true || beginning.IsEmpty) return null;
        using var problem = JsonDocument.Parse(beginning);
        var code = problem.RootElement.GetProperty("code").GetString();
        return refusals.Any(refusal => refusal.Code == code) ? null : $"{place} {code}, which it does not describe.";
    }

    /// <summary>Passes everything on, and keeps the beginning: problems are short.</summary>
    private sealed class BeginningStream(Stream inner) : Stream
    {
        private const int MostKept = 64 << 10;

        private readonly MemoryStream _kept = new();

        public ReadOnlyMemory<byte> Beginning => _kept.GetBuffer().AsMemory(0, (int)_kept.Length);

        public override bool CanRead => false;
        public override bool CanSeek => false;
        public override bool CanWrite => true;
        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            Keep(buffer.Span);
            await inner.WriteAsync(buffer, cancellationToken);
        }

        public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
            WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

        public override void Write(byte[] buffer, int offset, int count)
        {
            Keep(buffer.AsSpan(offset, count));
            inner.Write(buffer, offset, count);
        }

        public override Task FlushAsync(CancellationToken cancellationToken) => inner.FlushAsync(cancellationToken);
        public override void Flush() => inner.Flush();
        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();
        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();
        public override void SetLength(long value) => throw new NotSupportedException();

        protected override void Dispose(bool disposing)
        {
            _kept.Dispose();
            base.Dispose(disposing);
        }

        private void Keep(ReadOnlySpan<byte> bytes) => _kept.Write(bytes[..Math.Min(bytes.Length, MostKept - (int)_kept.Length)]);
    }
}
