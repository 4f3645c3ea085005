namespace Movento.ControlPlane.Billing;

/// <summary>The provider's words for how a subscription stands.</summary>
internal static class SubscriptionStatus
{
    public const string Trialing = "trialing";
    public const string Active = "active";

    /// <summary>The last payment failed, and is tried again.</summary>
    public const string PastDue = "past_due";

    /// <summary>It was tried often enough.</summary>
    public const string Unpaid = "unpaid";

    public const string Canceled = "canceled";
    public const string Incomplete = "incomplete";
    public const string IncompleteExpired = "incomplete_expired";
    public const string Paused = "paused";

    /// <summary>Whether nothing can come of it any more.</summary>
    public static bool IsOver(string status) => status is Canceled or IncompleteExpired;
}
