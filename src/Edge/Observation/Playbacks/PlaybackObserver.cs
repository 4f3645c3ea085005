using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Movento.Edge.Admission;

namespace Movento.Edge.Observation.Playbacks;

/// <summary>Looks whether a request carries CMCD, in its query or in its header fields (CTA-5004 §2), and follows the playback. No allocation.</summary>
internal sealed class PlaybackObserver(PlaybackTable table, EdgeMetrics metrics)
{
    /// <summary>A request that was answered with something of a film.</summary>
    public void Observe(HttpContext context, ObservedRequest observed)
    {
        if (!table.IsOn) return;
        var request = context.Features.GetRequiredFeature<IHttpRequestFeature>();
        var target = request.RawTarget.AsSpan();
        if (ClientDataQuery.TryFind(target, out var value)) ObserveQuery(target, value, observed);
        else if (request.Headers.TryGetValue("CMCD-Session", out var session)) ObserveFields(target, request.Headers, session, observed);
    }

    private void ObserveQuery(ReadOnlySpan<char> target, ReadOnlySpan<char> value, ObservedRequest observed)
    {
        Span<char> text = stackalloc char[ClientDataQuery.MaxLength];
        scoped var data = new ClientData();
        if (ClientDataQuery.TryDecode(value, text, out var length) && ClientDataReader.TryRead(text[..length], ref data)) Follow(target, data, observed);
        else metrics.ClientDataMalformed();
    }

    private void ObserveFields(ReadOnlySpan<char> target, IHeaderDictionary fields, string? session, ObservedRequest observed)
    {
        var data = new ClientData();
        var isRead = ClientDataReader.TryRead(session, ref data);
        foreach (var name in Fields)
        {
            if (fields.TryGetValue(name, out var values)) isRead &= values.Count == 1 && ClientDataReader.TryRead(values[0], ref data);
        }

        if (isRead) Follow(target, data, observed);
        else metrics.ClientDataMalformed();
    }

    private void Follow(ReadOnlySpan<char> target, in ClientData data, ObservedRequest observed)
    {
        if (EdgeUrl.TryParse(EdgeUrl.PathOf(target), out var url)) table.Observe(url, data, observed.BodyBytes);
    }

    private static readonly string[] Fields = ["CMCD-Request", "CMCD-Object", "CMCD-Status"];
}
