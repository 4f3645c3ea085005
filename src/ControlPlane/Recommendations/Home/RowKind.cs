namespace Movento.ControlPlane.Recommendations.Home;

/// <summary>What a row is about, as clients read it.</summary>
internal static class RowKind
{
    public const string ForYou = "for_you";
    public const string Because = "because";
    public const string Trending = "trending";
    public const string New = "new";
}
