using System.Collections.Frozen;
using System.Text;

namespace Movento.ControlPlane.Identity.Passwords;

/// <summary>
/// Which passwords may be chosen: long enough, and not among the first that are tried. No rules about which kinds of characters
/// (NIST SP 800-63B §3.1.1.2: they make passwords worse).
/// </summary>
internal static class PasswordRules
{
    /// <summary>In Unicode code points (NIST SP 800-63B §3.1.1.2).</summary>
    public const int MinLength = 8;

    /// <summary>In Unicode code points.</summary>
    public const int MaxLength = 128;

    private static readonly FrozenSet<string> Common = ReadCommon();

    /// <summary>What is wrong with the password; null when nothing is.</summary>
    public static string? WrongWith(string? password, string? email)
    {
        if (password is null || password.EnumerateRunes().Count() is < MinLength or > MaxLength)
            return $"A password of {MinLength} to {MaxLength} characters.";
        if (Common.Contains(password) || string.Equals(password, email, StringComparison.OrdinalIgnoreCase) || ContextWords.Fill(password, email))
            return "This password is among the first that anybody would try. Choose another.";
        return null;
    }

    private static FrozenSet<string> ReadCommon()
    {
        using var reader = new StreamReader(
            typeof(PasswordRules).Assembly.GetManifestResourceStream("common-passwords.txt")!, Encoding.UTF8);
        return reader.ReadToEnd()
            .Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .ToFrozenSet(StringComparer.OrdinalIgnoreCase);
    }
}
