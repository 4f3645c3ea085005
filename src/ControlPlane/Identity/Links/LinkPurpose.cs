namespace Movento.ControlPlane.Identity.Links;

/// <summary>What a link does.</summary>
internal static class LinkPurpose
{
    /// <summary>Confirms the e-mail address.</summary>
    public const string Confirm = "confirm";

    /// <summary>Gives the account the address that it was sent to.</summary>
    public const string Move = "move";

    /// <summary>Lets its holder choose a new password.</summary>
    public const string Reset = "reset";
}
