namespace Movento.ControlPlane.Billing;

/// <summary>Whether a user may play a film, as far as it must be paid for.</summary>
/// <param name="Outcome">Whether, or why not.</param>
/// <param name="Until">From then on not any more; the far future where nothing ends it.</param>
/// <param name="Streams">How many the user may play at the same time; 0 for any number.</param>
/// <param name="MaxHeight">Of renditions, in lines; 0 for any.</param>
/// <param name="RentalCode">What the film can be rented as; null for nothing.</param>
internal sealed record Entitlement(EntitlementOutcome Outcome, DateTimeOffset Until, int Streams, ushort MaxHeight, string? RentalCode = null)
{
    /// <summary>Nothing limits it.</summary>
    public static Entitlement Everything { get; } = new(EntitlementOutcome.Entitled, DateTimeOffset.MaxValue, 0, 0) { IsUnlimited = true };

    /// <summary>Whether it was asked for no payment at all: nothing that is paid or not changes it.</summary>
    public bool IsUnlimited { get; private init; }
}

/// <summary>Whether somebody may play, or why not.</summary>
internal enum EntitlementOutcome
{
    Entitled,

    /// <summary>It needs a plan, and the user never had one.</summary>
    NoPlan,

    /// <summary>The user's plan is over.</summary>
    PlanEnded,

    /// <summary>The plan was not paid, and the grace is over.</summary>
    PaymentOverdue,

    /// <summary>It can only be rented, and is not.</summary>
    NotRented,

    /// <summary>It was rented, and that is over.</summary>
    RentalEnded,
}
