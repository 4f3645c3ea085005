namespace Movento.Ingest.Webhooks;

/// <summary>Wakes the sender of webhooks.</summary>
internal sealed class WebhookSignal : Signal;
