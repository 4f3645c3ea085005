using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http;

namespace Movento.ControlPlane.OutputCaching;

/// <summary>JSON with its length, written whether or not the caller still listens: the output cache compares the two, and keeps
/// nothing that is shorter.</summary>
internal sealed class WholeJson : IResult
{
    private readonly byte[] _json;

    private WholeJson(byte[] json) => _json = json;

    public static WholeJson Of<T>(T value, JsonTypeInfo<T> type) => new(JsonSerializer.SerializeToUtf8Bytes(value, type));

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        httpContext.Response.ContentType = "application/json; charset=utf-8";
        httpContext.Response.ContentLength = _json.Length;
        await httpContext.Response.Body.WriteAsync(_json, CancellationToken.None);
    }
}
