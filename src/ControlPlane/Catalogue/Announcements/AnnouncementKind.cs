namespace Movento.ControlPlane.Catalogue.Announcements;

/// <summary>The words of <see cref="Contracts.AnnouncementRecorded.Kind"/>.</summary>
internal static class AnnouncementKind
{
    public const string Accepted = "accepted";
    public const string Playable = "playable";
    public const string Published = "published";
    public const string Rejected = "rejected";
    public const string Cancelled = "cancelled";
    public const string Deleted = "deleted";
}
