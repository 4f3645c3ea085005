namespace Movento.Ingest;

/// <summary>The stages of an asset in their order, by the names that the API gives them (docs/formats/http-api.md).</summary>
internal static class Stage
{
    public const string Upload = "upload";
    public const string Probe = "probe";
    public const string Ladder = "ladder";
    public const string Encode = "encode";
    public const string Package = "package";
    public const string Publish = "publish";

    /// <summary>All of them, the first one first.</summary>
    public static readonly string[] InOrder = [Upload, Probe, Ladder, Encode, Package, Publish];
}
