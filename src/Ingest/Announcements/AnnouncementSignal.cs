using Movento.Ingest.Webhooks;

namespace Movento.Ingest.Announcements;

/// <summary>Wakes the sender of announcements, and that of webhooks: whatever is announced is an event for them too.</summary>
internal sealed class AnnouncementSignal(WebhookSignal webhooks) : Signal
{
    public override void Set()
    {
        base.Set();
        webhooks.Set();
    }
}
