using System.Globalization;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Net.Http.Headers;
using Microsoft.OpenApi;

namespace Movento.ApiDescription;

/// <summary>The OpenAPI 3.1 document of everything that this process maps, made at the first request for it and kept.</summary>
internal sealed class ApiDocument([FromKeyedServices(ApiDescriptionRegistration.Version)] IOpenApiDocumentProvider documents)
{
    private readonly Lock _lock = new();
    private Task<(byte[] Json, EntityTagHeaderValue Tag)>? _made;

    public async Task<IResult> AnswerAsync(HttpContext context)
    {
        var (json, tag) = await MakeOnce().WaitAsync(context.RequestAborted);
        context.Response.Headers.CacheControl = "no-cache";
        context.Response.Headers.XContentTypeOptions = "nosniff";
        return TypedResults.Bytes(json, "application/json", entityTag: tag);
    }

    // One that failed is made anew by the next request.
    private Task<(byte[] Json, EntityTagHeaderValue Tag)> MakeOnce()
    {
        lock (_lock) return _made is null or { IsFaulted: true } ? _made = MakeAsync() : _made;
    }

    // For everybody who waits: nobody's own request cancels it.
    private async Task<(byte[] Json, EntityTagHeaderValue Tag)> MakeAsync()
    {
        await Task.Yield();
        var document = await documents.GetOpenApiDocumentAsync(CancellationToken.None);
        using var json = new MemoryStream();
        using var text = new StreamWriter(json);
        document.SerializeAs(OpenApiSpecVersion.OpenApi3_1, new OpenApiJsonWriter(text, new OpenApiJsonWriterSettings { Terse = true }));
        await text.FlushAsync();
        var bytes = json.ToArray();
        return (bytes, new EntityTagHeaderValue(string.Create(CultureInfo.InvariantCulture, $"\"{Convert.ToHexStringLower(SHA256.HashData(bytes)[..16])}\"")));
    }
}
