namespace Movento.ControlPlane.Billing;

/// <summary>The words for how a film is sold.</summary>
internal static class FilmAccess
{
    /// <summary>With every plan, and with nothing else.</summary>
    public const string Plan = "plan";

    /// <summary>To those who rent it, whatever their plan.</summary>
    public const string Rental = "rental";

    /// <summary>With every plan, and to those who rent it.</summary>
    public const string PlanOrRental = "plan_or_rental";

    /// <summary>To whoever is signed in.</summary>
    public const string Free = "free";

    public static bool NeedsRentalCode(string access) => access is Rental or PlanOrRental;

    public static bool IsOne(string? access) => access is Plan or Rental or PlanOrRental or Free;
}
