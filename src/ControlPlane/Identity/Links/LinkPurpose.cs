namespace Movento.ControlPlane.Identity.Links;

/// <summary>What a link does; also the name of the page that it leads to.</summary>
internal static class LinkPurpose
{
    /// <summary>Confirms the e-mail address.</summary>
    public const string Confirm = "confirm";

    /// <summary>Lets its holder choose a new password.</summary>
    public const string Reset = "reset";
}
