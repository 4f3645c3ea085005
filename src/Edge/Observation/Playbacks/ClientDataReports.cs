using System.Buffers;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Movento.Edge.Admission;

namespace Movento.Edge.Observation.Playbacks;

/// <summary>
/// Takes the reports that players send by POST to <c>cmcd</c> of a version: event mode of CTA-5004-B, a line each
/// (<c>application/cmcd</c>), or one JSON object or several in an array (<c>application/json</c>). So many bytes and reports at most.
/// </summary>
internal sealed class ClientDataReports(PlaybackTable table, EdgeMetrics metrics)
{
    /// <summary>Of a body; a report has some hundred bytes.</summary>
    public const int MaxBytes = 64 << 10;

    /// <summary>Of a body. Players gather events of half a minute.</summary>
    private const int MaxReports = 200;

    /// <summary>Takes the body of a request whose token was found to be good.</summary>
    /// <returns><see cref="EdgeOutcome.Reported"/>, answered, or why nothing was answered.</returns>
    public async ValueTask<EdgeOutcome> AnswerAsync(HttpContext context, string target)
    {
        var body = ArrayPool<byte>.Shared.Rent(MaxBytes + 1);
        try
        {
            var length = await context.Request.Body.ReadAtLeastAsync(
                body.AsMemory(0, MaxBytes + 1), MaxBytes + 1, throwOnEndOfStream: false, context.RequestAborted);
            if (length > MaxBytes) return EdgeOutcome.ReportTooLarge;
            if (!TryTake(body.AsSpan(0, length), target))
            {
                metrics.ClientDataMalformed();
                return EdgeOutcome.ReportMalformed;
            }
        }
        catch (BadHttpRequestException exception)
        {
            return exception.StatusCode == StatusCodes.Status413PayloadTooLarge ? EdgeOutcome.ReportTooLarge : EdgeOutcome.ReportMalformed;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(body);
        }

        context.Response.StatusCode = StatusCodes.Status204NoContent;
        context.Response.Headers.CacheControl = "no-store";
        return EdgeOutcome.Reported;
    }

    private bool TryTake(ReadOnlySpan<byte> body, string target)
    {
        if (!EdgeUrl.TryParse(EdgeUrl.PathOf(target), out var url)) return false;
        body = body.Trim(" \t\r\n"u8);
        if (body.IsEmpty) return false;
        return body[0] is (byte)'{' or (byte)'[' ? TryTakeJson(body, url) : TryTakeLines(body, url);
    }

    private bool TryTakeLines(ReadOnlySpan<byte> body, in EdgeUrl url)
    {
        var text = ArrayPool<char>.Shared.Rent(body.Length);
        try
        {
            // As header fields are read: one character a byte.
            var lines = text.AsSpan(0, Encoding.Latin1.GetChars(body, text));
            var count = 0;
            foreach (var range in ((ReadOnlySpan<char>)lines).Split('\n'))
            {
                var line = ((ReadOnlySpan<char>)lines)[range].Trim(" \t\r");
                if (line.IsEmpty) continue;
                var data = new ClientData();
                if (++count > MaxReports || !ClientDataReader.TryRead(line, ref data)) return false;
                table.Observe(url, data, bodyBytes: 0);
            }

            return true;
        }
        finally
        {
            ArrayPool<char>.Shared.Return(text);
        }
    }

    private bool TryTakeJson(ReadOnlySpan<byte> body, in EdgeUrl url)
    {
        // Objects in an array at most, their values lists at most.
        var reader = new Utf8JsonReader(body, new JsonReaderOptions { MaxDepth = 8 });
        try
        {
            using var document = JsonDocument.ParseValue(ref reader);
            if (reader.BytesConsumed != body.Length) return false;
            var root = document.RootElement;
            if (root.ValueKind == JsonValueKind.Object) return TryTakeObject(root, url);
            if (root.GetArrayLength() > MaxReports) return false;
            foreach (var report in root.EnumerateArray())
            {
                if (report.ValueKind != JsonValueKind.Object || !TryTakeObject(report, url)) return false;
            }

            return true;
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            // The second of half a surrogate pair, which JSON can spell and text cannot hold.
            return false;
        }
    }

    private bool TryTakeObject(JsonElement report, in EdgeUrl url)
    {
        var data = new ClientData();
        foreach (var property in report.EnumerateObject())
        {
            var value = property.Value;
            // Version 2 has lists, of which the first stands for all.
            if (value.ValueKind == JsonValueKind.Array) value = value.GetArrayLength() > 0 ? value[0] : default;
            switch (value.ValueKind)
            {
                case JsonValueKind.True: ClientDataReader.SetFlag(property.Name, ref data); break;
                case JsonValueKind.Number when value.TryGetDouble(out var number): ClientDataReader.SetNumber(property.Name, number, ref data); break;
                case JsonValueKind.String: ClientDataReader.SetText(property.Name, value.GetString(), ref data); break;
            }
        }

        table.Observe(url, data, bodyBytes: 0);
        return true;
    }
}
