namespace Movento.ControlPlane.Billing;

/// <summary>What became of an event.</summary>
internal enum EventOutcome
{
    /// <summary>It was read what is so now, and written down.</summary>
    Applied,

    /// <summary>It has been applied before.</summary>
    Duplicate,

    /// <summary>It is about a customer of somebody else's.</summary>
    NotOurs,
}
