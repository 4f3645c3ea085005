using System.Security.Cryptography;

namespace Movento.ControlPlane.Identity.SecondFactor;

/// <summary>Keeps the secrets of authenticator apps from whoever reads the database alone: AES-256-GCM, bound to the account they belong to.</summary>
internal sealed class SecretBox(IdentityKeys keys)
{
    private const int NonceLength = 12;
    private const int TagLength = 16;

    public byte[] Lock(byte[] secret, Guid userId)
    {
        var locked = new byte[NonceLength + secret.Length + TagLength];
        RandomNumberGenerator.Fill(locked.AsSpan(0, NonceLength));
        using var cipher = new AesGcm(keys.SecondFactors, TagLength);
        cipher.Encrypt(locked.AsSpan(0, NonceLength), secret, locked.AsSpan(NonceLength, secret.Length), locked.AsSpan(^TagLength..), userId.ToByteArray());
        return locked;
    }

    /// <exception cref="AuthenticationTagMismatchException">It was locked with another secrets file, for another account, or was changed.</exception>
    public byte[] Unlock(byte[] locked, Guid userId)
    {
        var secret = new byte[locked.Length - NonceLength - TagLength];
        using var cipher = new AesGcm(keys.SecondFactors, TagLength);
        cipher.Decrypt(locked.AsSpan(0, NonceLength), locked.AsSpan(NonceLength, secret.Length), locked.AsSpan(^TagLength..), secret, userId.ToByteArray());
        return secret;
    }
}
