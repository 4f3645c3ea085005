using System.Net.Http.Json;
using System.Text.Json;

namespace Movento.Harness;

/// <summary>Answers as a stranger reads them: JSON, without the server's own types.</summary>
public static class HttpJson
{
    /// <summary>The JSON that a URL answers with.</summary>
    public static Task<JsonElement> GetFromJsonAsync(this HttpClient http, string url) => http.GetFromJsonAsync<JsonElement>(url);
}
