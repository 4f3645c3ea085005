using System.Buffers;
using System.Text.Json;
using Movento.Edge.Admission;

namespace Movento.Edge.Observation.Requests;

/// <summary>A line of the access log: one JSON object (docs/formats/edge.md).</summary>
internal static class AccessLine
{
    // Of a field that a client may fill as it likes.
    private const int MaxLength = 256;

    // Longer than any part of a path of ours but the token: a rendition's id has 32, an asset's 32.
    private const int MaxPartLength = 40;

    private const string Hidden = "*";

    // Names that are not words of ours, and queries with them, may be anything: a token pasted at the wrong place too.
    private static readonly SearchValues<char> PathCharacters =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._/");

    /// <summary>Writes one object, without the end of the line.</summary>
    public static void Write(Utf8JsonWriter json, in AccessRecord record)
    {
        json.WriteStartObject();
        json.WriteString("time"u8, new DateTime(record.EndedAt, DateTimeKind.Utc));
        if (record.Client is { } client)
        {
            Span<char> address = stackalloc char[64];
            if (client.TryFormat(address, out var length)) json.WriteString("client"u8, address[..length]);
        }

        json.WriteString("method"u8, Shortened(record.Method));
        WritePath(json, record.Target);
        json.WriteString("protocol"u8, record.Protocol);
        json.WriteNumber("status"u8, record.Status);
        json.WriteString("outcome"u8, record.Outcome.ToString());
        json.WriteNumber("bytes"u8, record.BodyBytes);
        json.WriteNumber("seconds"u8, Math.Round(record.Took.TotalSeconds, 6));
        if (record.Tier != CacheTier.None)
        {
            json.WriteString("tier"u8, record.Tier switch { CacheTier.Memory => "memory"u8, CacheTier.Redis => "redis"u8, _ => "origin"u8 });
            json.WriteNumber("firstByteSeconds"u8, Math.Round(record.Waited.TotalSeconds, 6));
        }

        if (record.Range is { } range) json.WriteString("range"u8, Shortened(range));
        if (record.UserAgent is { } agent) json.WriteString("userAgent"u8, Shortened(agent));
        json.WriteEndObject();
    }

    /// <summary>The path without its token and its query; a part that could be a token by its length is hidden wherever it stands.</summary>
    private static void WritePath(Utf8JsonWriter json, string target)
    {
        var path = EdgeUrl.PathOf(target);
        if (EdgeUrl.TryParse(path, out var url))
        {
            json.WriteString("path"u8, path[(url.Token.Length == 0 ? 0 : url.Token.Length + 1)..]);
            return;
        }

        Span<char> shown = stackalloc char[MaxLength];
        var length = 0;
        foreach (var part in path.Split('/'))
        {
            var name = path[part];
            if (name.Length > MaxPartLength || name.ContainsAnyExcept(PathCharacters)) name = Hidden;
            if (length + 1 + name.Length > shown.Length) break;
            if (part.Start.Value > 0) shown[length++] = '/';
            name.CopyTo(shown[length..]);
            length += name.Length;
        }

        json.WriteString("path"u8, shown[..length]);
    }

    private static ReadOnlySpan<char> Shortened(string value) => value.AsSpan(0, Math.Min(value.Length, MaxLength));
}
