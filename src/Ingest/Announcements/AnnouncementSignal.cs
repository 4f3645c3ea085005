namespace Movento.Ingest.Announcements;

/// <summary>Wakes the sender of announcements.</summary>
internal sealed class AnnouncementSignal : Signal;
