using System.Diagnostics.CodeAnalysis;
using System.Text.RegularExpressions;

namespace Movento.ControlPlane.Identity;

/// <summary>
/// An e-mail address as accounts are named by it: trimmed and in lower case, of the form that a browser's e-mail field accepts
/// (WHATWG HTML, "valid e-mail address"). ASCII only, so that two addresses that look alike are alike.
/// </summary>
internal static partial class EmailAddress
{
    /// <summary>The longest address that SMTP can carry (RFC 5321 §4.5.3.1.3, less the angle brackets).</summary>
    public const int MaxLength = 254;

    /// <summary>The longest part before the @ (RFC 5321 §4.5.3.1.1).</summary>
    public const int MaxLocalLength = 64;

    /// <summary>The one sentence for everything that is wrong with an address.</summary>
    public const string Wrong = "An e-mail address, such as name@example.com, of at most 254 characters.";

    public static bool TryNormalize(string? text, [NotNullWhen(true)] out string? email)
    {
        email = null;
        var trimmed = text?.Trim();
        if (trimmed is null || trimmed.Length > MaxLength || !ValidAddress().IsMatch(trimmed)) return false;
        if (trimmed.IndexOf('@', StringComparison.Ordinal) > MaxLocalLength) return false;
        email = trimmed.ToLowerInvariant();
        return true;
    }

    [GeneratedRegex(
        @"\A[a-zA-Z0-9.!#$%&'*+/=?^_`{|}~-]+@[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?(?:\.[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?)*\z",
        RegexOptions.CultureInvariant)]
    private static partial Regex ValidAddress();
}
