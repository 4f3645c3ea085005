using System.Security.Cryptography;
using System.Text.RegularExpressions;
using Dapper;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;
using Movento.Contracts;
using Movento.ControlPlane.Identity;
using Movento.ControlPlane.Identity.AccessTokens;
using Movento.ControlPlane.Identity.Passwords;
using Movento.ControlPlane.Identity.SecondFactor;
using Movento.Harness;

namespace Movento.ControlPlane.Tests.Identity.Asvs;

/// <summary>OWASP ASVS 5.0, chapter 11, cryptography: levels 1 and 2, as far as passwords, tokens and secrets are concerned.</summary>
public sealed partial class AsvsCryptographyTests(ControlPlaneFixture fixture) : AsvsTest(fixture)
{
    [Fact]
    public void V11_1_1_Keys_HaveAPolicyForTheirLife() =>
        Assert.All(["`accessTokenKeys`", "`identitySecret`", "NIST SP 800-57"], words => Assert.Contains(words, Documentation, StringComparison.Ordinal));

    [Fact]
    public void V11_1_2_EveryKeyOfIdentity_IsInTheInventory() => Assert.All(
        typeof(IdentityKeys).GetProperties().Select(property => property.Name), key => Assert.Contains($"\n| `{key}` |", Documentation, StringComparison.Ordinal));

    [Fact]
    public void V11_2_1_Primitives_AreThoseOfThePlatform() => Assert.All(
        new[] { typeof(ControlPlaneOptions).Assembly, typeof(Access).Assembly }.SelectMany(assembly => assembly.GetTypes()),
        type => Assert.False(
            typeof(HashAlgorithm).IsAssignableFrom(type) || typeof(SymmetricAlgorithm).IsAssignableFrom(type) || typeof(AsymmetricAlgorithm).IsAssignableFrom(type)
            || typeof(RandomNumberGenerator).IsAssignableFrom(type),
            type.FullName));

    [Fact]
    public async Task V11_2_2_PasswordHashes_OfOtherParameters_AreTakenAndMadeAnew()
    {
        var id = await App.AddUserAsync(Email);
        var keys = App.Services.GetRequiredService<IdentityKeys>();
        await using var connection = await App.Identity.OpenConnectionAsync();
        await connection.ExecuteAsync("UPDATE users SET password_hash = @hash", new { hash = new Bcrypt(keys.Passwords, 11).Hash(ControlPlaneApp.Password) });
        SignedInUser.Of(await LoginAsync(ControlPlaneApp.Password));
        Assert.StartsWith($"hs384$2b${App.Options.PasswordCost}$", await connection.QuerySingleAsync<string>("SELECT password_hash FROM users WHERE id = @id", new { id }), StringComparison.Ordinal);
    }

    [Fact]
    public void V11_2_3_Keys_HaveAtLeast128BitsOfSecurity()
    {
        var keys = App.Services.GetRequiredService<IdentityKeys>();
        Assert.All([keys.Passwords, keys.SecondFactors, keys.Devices], key => Assert.True(key.Length * 8 >= 256));
        Assert.Equal(3, new[] { keys.Passwords, keys.SecondFactors, keys.Devices }.Select(key => Convert.ToHexString(key[..32])).Distinct().Count());
        Assert.Throws<ArgumentException>(() => new IdentityKeys(new byte[16]));
        Assert.Equal(160, TimeBasedCode.SecretLength * 8);
    }

    [Fact]
    public void V11_3_1_BlockModesAndPaddings_OfOldAreNotUsed() =>
        Assert.DoesNotMatch(OldModes(), Sources());

    [Fact]
    public void V11_3_2_SecretsOfApps_AreEncryptedWithAesGcm_UnderANonceOfTheirOwn()
    {
        var keys = App.Services.GetRequiredService<IdentityKeys>();
        var user = Guid.NewGuid();
        var secret = RandomNumberGenerator.GetBytes(TimeBasedCode.SecretLength);
        var box = new SecretBox(keys);
        var (first, second) = (box.Lock(secret, user), box.Lock(secret, user));
        Assert.NotEqual(Convert.ToHexString(first[..12]), Convert.ToHexString(second[..12]));
        var open = new byte[secret.Length];
        using var cipher = new AesGcm(keys.SecondFactors, 16);
        cipher.Decrypt(first.AsSpan(0, 12), first.AsSpan(12, secret.Length), first.AsSpan(^16..), open, user.ToByteArray());
        Assert.Equal(secret, open);
    }

    [Fact]
    public void V11_3_3_SecretsOfApps_CannotBeChangedOrGivenToAnother()
    {
        var box = new SecretBox(App.Services.GetRequiredService<IdentityKeys>());
        var user = Guid.NewGuid();
        var locked = box.Lock(RandomNumberGenerator.GetBytes(TimeBasedCode.SecretLength), user);
        Assert.Throws<AuthenticationTagMismatchException>(() => box.Unlock(locked, Guid.NewGuid()));
        for (var i = 0; i < locked.Length; i++)
        {
            var changed = (byte[])locked.Clone();
            changed[i] ^= 1;
            Assert.Throws<AuthenticationTagMismatchException>(() => box.Unlock(changed, user));
        }
    }

    [Fact]
    public void V11_4_1_HashFunctions_OfOldAreNotUsed()
    {
        // RFC 6238 by its defaults, which apps know alone, is over HMAC-SHA-1: HMAC needs no resistance to collisions (docs/asvs.md).
        Assert.DoesNotMatch(OldHashes(), Sources(except: "TimeBasedCode.cs"));
        Assert.Matches(OldHashes(), File.ReadAllText(Path.Combine(Repository.Root, "src/ControlPlane/Identity/SecondFactor/TimeBasedCode.cs")));
    }

    [Fact]
    public async Task V11_4_2_Passwords_AreKeptAsBcrypt_OfACostThatGuidanceAsksFor()
    {
        Assert.True(new ControlPlaneOptions().PasswordCost >= 12);
        Assert.Contains(new ControlPlaneOptions { PasswordCost = 9 }.Validate(), sentence => sentence.StartsWith("PasswordCost", StringComparison.Ordinal));
        await App.PostAsync("/api/auth/register", new { email = Email, password = ControlPlaneApp.Password });
        await using var connection = await App.Identity.OpenConnectionAsync();
        var hash = await connection.QuerySingleAsync<string>("SELECT password_hash FROM users");
        Assert.Matches(@"^hs384\$2b\$[0-9]{2}\$[./A-Za-z0-9]{53}$", hash);
        // Without PBKDF2's work factor nothing falls back to a quick hash either.
        using var fallback = new PasswordHashing(App.Services.GetRequiredService<IdentityKeys>(), 12, hasBcrypt: false);
        var pbkdf2 = Convert.FromBase64String(await fallback.HashAsync(ControlPlaneApp.Password, CancellationToken.None));
        Assert.True(System.Buffers.Binary.BinaryPrimitives.ReadUInt32BigEndian(pbkdf2.AsSpan(5)) >= 210_000);
        Assert.Equal(PasswordVerificationResult.Success, await fallback.VerifyAsync(Convert.ToBase64String(pbkdf2), ControlPlaneApp.Password, CancellationToken.None));
    }

    [Fact]
    public async Task V11_4_3_WhatTheDatabaseKnowsSecretsBy_HasAtLeast256Bits()
    {
        await EnrolAsync(await App.SignInAsync(Email, "viewer", "editor"));
        var user = await App.SignInAsync("b@example.com", "viewer", "editor");
        await App.PostAsync("/api/users/me/api-keys", new { name = "x", scopes = new[] { "upload" } }, user.AccessToken);
        await App.PostAsync("/api/auth/password/forgotten", new { email = Email });
        await App.MailAsync(Email);
        await LoginAsync(ControlPlaneApp.Password);
        await using var connection = await App.Identity.OpenConnectionAsync();
        foreach (var table in new[] { "refresh_tokens", "link_tokens", "sign_in_tickets", "api_keys", "recovery_codes" })
        {
            var lengths = (await connection.QueryAsync<int>($"SELECT length(hash) FROM {table}")).ToArray();
            Assert.NotEmpty(lengths);
            Assert.All(lengths, length => Assert.True(length * 8 >= 256, table));
        }
    }

    [Fact]
    public async Task V11_5_1_WhatMustNotBeGuessed_Has128BitsOfTheSystemsGenerator()
    {
        Assert.DoesNotMatch(WeakRandom(), Sources());
        var (_, _, codes) = await EnrolAsync(await App.SignInAsync(Email, "viewer", "editor"));
        Assert.All(codes, code => Assert.True(code.Count(Base32.Alphabet.Contains) * 5 >= 128));
        Assert.True(OneTimeSecret.New().Length * 6 >= 128);
        Assert.True((ApiKeyFormat.New().Key.Length - "mvk_".Length) * 6 >= 128);
        Assert.Equal(100, Enumerable.Range(0, 100).Select(_ => OneTimeSecret.New()).Distinct().Count());
    }

    [Fact]
    public void V11_6_1_Signatures_AreEcdsaOnP256_AndNoOtherKeyIsTaken()
    {
        using var p384 = ECDsa.Create(ECCurve.NamedCurves.nistP384);
        using var k1 = ECDsa.Create(ECCurve.CreateFromValue("1.3.132.0.10"));
        using var rsa = RSA.Create(2048);
        foreach (var pem in new[] { p384.ExportPkcs8PrivateKeyPem(), k1.ExportPkcs8PrivateKeyPem(), rsa.ExportPkcs8PrivateKeyPem() })
            Assert.ThrowsAny<Exception>(() => AccessTokenKeyRing.Import(pem).Dispose());
        var signing = App.Services.GetRequiredService<AccessTokenKeyRing>().SigningAt(App.Clock.Now);
        Assert.Equal("ES256", signing.Algorithm);
        Assert.Equal(256, signing.Key.KeySize);
    }

    private static string Sources(string? except = null) => string.Join('\n', Directory
        .EnumerateFiles(Path.Combine(Repository.Root, "src/ControlPlane/Identity"), "*.cs", SearchOption.AllDirectories)
        .Concat(Directory.EnumerateFiles(Path.Combine(Repository.Root, "src/Contracts"), "*.cs"))
        .Where(path => Path.GetFileName(path) != except)
        .Select(File.ReadAllText));

    [GeneratedRegex(@"\b(CipherMode\.|AesCbc|EncryptCbc|EncryptEcb|\.CreateEncryptor|Pkcs1|TripleDES|RC2|DES\.)")]
    private static partial Regex OldModes();

    [GeneratedRegex(@"\b(MD5|SHA1|HMACMD5|HMACSHA1)\b")]
    private static partial Regex OldHashes();

    [GeneratedRegex(@"\b(new Random\(|Random\.Shared)")]
    private static partial Regex WeakRandom();
}
