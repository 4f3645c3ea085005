namespace Movento.ControlPlane.Identity;

/// <summary>A person's name, as they want to be called: any words, on one line.</summary>
internal static class DisplayName
{
    /// <summary>In UTF-16 units.</summary>
    public const int MaxLength = 100;

    /// <summary>What is wrong with the name; null when nothing is. None at all is right.</summary>
    public static string? WrongWith(string? name) =>
        name is null || (name.Trim().Length <= MaxLength && !name.Any(char.IsControl))
            ? null
            : $"A name of at most {MaxLength} characters, without line breaks.";

    /// <summary>The name, or what stands before the @ where there is none.</summary>
    public static string OrFrom(string? name, string email) =>
        string.IsNullOrWhiteSpace(name) ? email[..email.IndexOf('@', StringComparison.Ordinal)] : name.Trim();
}
