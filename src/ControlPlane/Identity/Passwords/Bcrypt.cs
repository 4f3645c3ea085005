using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Movento.ControlPlane.Identity.Passwords;

/// <summary>
/// bcrypt (<c>$2b$</c>) over HMAC-SHA-384 of the password in base64: 64 characters, so that nothing of a long password falls behind bcrypt's 72 bytes
/// and no NUL cuts it short; the HMAC's key is a secret of the installation, which no database holds.
/// </summary>
internal sealed class Bcrypt(byte[] key, int cost)
{
    /// <summary>Names the HMAC in front of the hash, so that another one can follow it some day.</summary>
    private const string Prefix = "hs384";

    /// <summary>bcrypt's own base64 (crypt_blowfish).</summary>
    private const string Alphabet = "./ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

    /// <summary>16 bytes; the last character has two bits of them.</summary>
    private const int SaltCharacters = 22;

    private const int HashCharacters = 31;

    private readonly string _parameters = $"$2b${cost.ToString("00", CultureInfo.InvariantCulture)}$";

    /// <summary>Whether a stored hash is one of these, of whatever cost.</summary>
    public static bool Made(string hash) => hash.StartsWith(Prefix, StringComparison.Ordinal);

    public string Hash(string password) => Prefix + Crypt.Hash(Phrase(password), Setting());

    public bool Verify(string hash, string password) => CryptographicOperations.FixedTimeEquals(
        Encoding.ASCII.GetBytes(Prefix + Crypt.Hash(Phrase(password), hash[Prefix.Length..])), Encoding.ASCII.GetBytes(hash));

    /// <summary>Whether it was made with another cost than today's.</summary>
    public bool IsOutdated(string hash) => !hash.AsSpan(Prefix.Length).StartsWith(_parameters, StringComparison.Ordinal);

    /// <summary>A hash of today's cost that no password has.</summary>
    public string Nobodys() => Prefix + Setting() + RandomNumberGenerator.GetString(Alphabet, HashCharacters);

    private string Phrase(string password) => Convert.ToBase64String(HMACSHA384.HashData(key, Encoding.UTF8.GetBytes(password)));

    private string Setting() => _parameters + RandomNumberGenerator.GetString(Alphabet, SaltCharacters - 1) + RandomNumberGenerator.GetString(".Oeu", 1);
}
