namespace Movento.Ingest.Webhooks;

/// <summary>Ids as the API and receivers see them.</summary>
internal static class WebhookId
{
    /// <summary>The header <c>webhook-id</c>: the same at every attempt and at every replay of an event, so that receivers know it again.</summary>
    public static string OfEvent(Guid id) => $"msg_{id:N}";

    /// <summary>Reads an endpoint's or a delivery's: 32 hexadecimal digits.</summary>
    public static bool TryParse(string text, out Guid id) => Guid.TryParseExact(text, "N", out id);
}
