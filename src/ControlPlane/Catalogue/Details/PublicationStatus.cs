namespace Movento.ControlPlane.Catalogue.Details;

/// <summary>The words for whether viewers may find it.</summary>
internal static class PublicationStatus
{
    public const string Draft = "draft";
    public const string Scheduled = "scheduled";
    public const string Published = "published";
}
