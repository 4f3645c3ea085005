namespace Movento.ControlPlane.Identity.Profiles;

/// <summary>The ages in years up to which a profile may be open.</summary>
internal static class Maturity
{
    /// <summary>Every film, what nobody rated too.</summary>
    public const int Everything = 21;

    /// <summary>A child's profile, at most.</summary>
    public const int Kids = 12;

    /// <summary>Null when it can be; else why not.</summary>
    public static string? WrongWith(int? age, bool? isKids) => age switch
    {
        null => null,
        < 0 or > Everything => $"A number from 0 to {Everything}.",
        > Kids when isKids == true => $"Of a child's profile, 0 to {Kids}.",
        _ => null,
    };
}
