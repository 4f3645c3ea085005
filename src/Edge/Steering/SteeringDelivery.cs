using System.Buffers;
using System.Collections.Immutable;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;
using Movento.Edge.Admission;
using Movento.Edge.Delivery;
using Movento.Edge.Operation;
using Movento.Packager.Manifests;

namespace Movento.Edge.Steering;

/// <summary>
/// Answers <c>steering.json</c>: the steering manifest of RFC 8216bis §7.2, which ETSI TS 103 998 §6.5 takes over for DASH. An edge puts itself first and
/// the others behind, in the order of the options; one that drains puts itself last. Each names the URL to ask next, itself or the next one: without that dash.js
/// goes back to whom its MPD named, though that one may have sent it away.
/// </summary>
internal sealed class SteeringDelivery
{
    private static readonly StringValues NoStore = "no-store";

    private readonly SteeringPathways _pathways;
    private readonly DrainState _drain;
    private readonly long _lifetime;

    public SteeringDelivery(EdgeOptions options, SteeringPathways pathways, DrainState drain) =>
        (_pathways, _drain, _lifetime) = (pathways, drain, (long)options.SteeringLifetime.TotalSeconds);

    /// <summary>Answers a request whose token was found to be good.</summary>
    /// <param name="context">The request.</param>
    /// <param name="target">Its target, which <see cref="EdgeUrl"/> reads.</param>
    /// <returns><see cref="EdgeOutcome.Steering"/>, or <see cref="EdgeOutcome.NotFound"/> where nothing is steered.</returns>
    public async ValueTask<EdgeOutcome> AnswerAsync(HttpContext context, string target)
    {
        if (!_pathways.IsSteering) return EdgeOutcome.NotFound;
        var order = _drain.IsDraining ? _pathways.Pathways[1..].Add(_pathways.Pathways[0]) : _pathways.Pathways;
        // The path has the token of who asks, which opens the same film there.
        var answer = Write(order, string.Concat(order[0].BaseUri, EdgeUrl.PathOf(target)));
        var response = context.Response;
        response.Headers.CacheControl = NoStore;
        response.ContentType = ContentTypes.Json;
        response.ContentLength = answer.Length;
        if (!HttpMethods.IsHead(context.Request.Method)) await response.BodyWriter.WriteAsync(answer, context.RequestAborted);
        return EdgeOutcome.Steering;
    }

    private ReadOnlyMemory<byte> Write(ImmutableArray<Pathway> order, string reloadUri)
    {
        var output = new ArrayBufferWriter<byte>(512);
        using var json = new Utf8JsonWriter(output);
        json.WriteStartObject();
        json.WriteNumber("VERSION"u8, 1);
        json.WriteNumber("TTL"u8, _lifetime);
        json.WriteString("RELOAD-URI"u8, reloadUri);
        json.WriteStartArray("PATHWAY-PRIORITY"u8);
        foreach (var pathway in order) json.WriteStringValue(pathway.Id);
        json.WriteEndArray();
        WriteClones(json);
        json.WriteEndObject();
        json.Flush();
        return output.WrittenMemory;
    }

    // §7.3: for who has a playlist that is older than a pathway. A clone may differ in its host alone; and not in its port, which hls.js and
    // shaka-player keep while dash.js drops it.
    private void WriteClones(Utf8JsonWriter json)
    {
        var own = _pathways.Pathways[0];
        var clones = _pathways.Pathways.Where(pathway => pathway != own && IsClone(new Uri(own.BaseUri), new Uri(pathway.BaseUri))).ToArray();
        if (clones.Length == 0) return;
        json.WriteStartArray("PATHWAY-CLONES"u8);
        foreach (var clone in clones)
        {
            json.WriteStartObject();
            json.WriteString("BASE-ID"u8, own.Id);
            json.WriteString("ID"u8, clone.Id);
            json.WriteStartObject("URI-REPLACEMENT"u8);
            json.WriteString("HOST"u8, new Uri(clone.BaseUri).Host);
            json.WriteEndObject();
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static bool IsClone(Uri own, Uri other) =>
        own.IsDefaultPort && other.IsDefaultPort && own.Scheme == other.Scheme && own.AbsolutePath == other.AbsolutePath;
}
