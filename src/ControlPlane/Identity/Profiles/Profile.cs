namespace Movento.ControlPlane.Identity.Profiles;

/// <summary>One of those who watch with an account.</summary>
/// <param name="Id">32 lower-case hexadecimal digits.</param>
/// <param name="Name">Any characters on one line: whoever shows it escapes it.</param>
/// <param name="IsKids">Whether it is a child's.</param>
/// <param name="MaximumAge">Plays films for people of this age in years and younger; <see cref="Maturity.Everything"/> for every film.</param>
/// <param name="Language">Preferred, BCP 47.</param>
internal sealed record Profile(string Id, string Name, bool IsKids, int MaximumAge, string Language);

/// <summary>A profile as the table <c>profiles</c> holds it.</summary>
internal sealed class ProfileRow
{
    public const string Columns = "id AS Id, name AS Name, is_kids AS IsKids, maximum_age AS MaximumAge, language AS Language";

    public required Guid Id { get; init; }
    public required string Name { get; init; }
    public required bool IsKids { get; init; }
    public required short MaximumAge { get; init; }
    public required string Language { get; init; }

    public Profile ToProfile() => new(Id.ToString("N"), Name, IsKids, MaximumAge, Language);
}
