namespace Movento.ControlPlane.Billing;

/// <summary>The words for what an offer is.</summary>
internal static class OfferKind
{
    /// <summary>Every film that is in plans, for as long as it is paid again and again.</summary>
    public const string Plan = "plan";

    /// <summary>One film for some hours, paid once.</summary>
    public const string Rental = "rental";
}
