using System.Security.Cryptography;

namespace Movento.ControlPlane.Identity;

/// <summary>The keys that identity derives from the installation's secret, each for one purpose alone (HKDF-SHA-384, RFC 5869).</summary>
internal sealed class IdentityKeys
{
    /// <summary>Of the secret, in bytes.</summary>
    public const int SecretLength = 32;

    /// <param name="secret"><see cref="ControlPlaneOptions.IdentitySecret"/>.</param>
    public IdentityKeys(byte[] secret)
    {
        if (secret.Length != SecretLength) throw new ArgumentException($"The secret of identity has {SecretLength} bytes.", nameof(secret));
        Passwords = Derive(secret, 48, "movento identity passwords"u8);
        SecondFactors = Derive(secret, 32, "movento identity second factors"u8);
        Devices = Derive(secret, 32, "movento identity devices"u8);
    }

    /// <summary>Keys the HMAC under every bcrypt: hashes that leak without it cannot be guessed at.</summary>
    public byte[] Passwords { get; }

    /// <summary>Encrypts the secrets of authenticator apps (AES-256).</summary>
    public byte[] SecondFactors { get; }

    /// <summary>Authenticates the cookies of known devices.</summary>
    public byte[] Devices { get; }

    private static byte[] Derive(byte[] secret, int length, ReadOnlySpan<byte> purpose)
    {
        var key = new byte[length];
        HKDF.DeriveKey(HashAlgorithmName.SHA384, secret, key, salt: [], purpose);
        return key;
    }
}
