using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;
using Movento.ControlPlane.Identity;
using Movento.ControlPlane.Identity.Passwords;

namespace Movento.ControlPlane.Tests.Identity.Passwords;

public sealed class PasswordHashingTests
{
    private static readonly IdentityKeys Keys = new(new byte[32]);

    [Theory]
    // From the test suite of crypt_blowfish.
    [InlineData("U*U", "$2b$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW")]
    [InlineData("U*U*", "$2b$05$CCCCCCCCCCCCCCCCCCCCC.VGOzA784oUp/Z0DY336zx7pLYAy0lwK")]
    [InlineData("", "$2b$05$CCCCCCCCCCCCCCCCCCCCC.7uG0VCzI2bS7j6ymqJi9CdcdxiRTWNy")]
    public void Crypt_TheVectorsOfItsAuthor_AreTheirs(string phrase, string hash) => Assert.Equal(hash, Crypt.Hash(phrase, hash));

    [Fact]
    public void Crypt_ASettingThatIsNone_IsRefused() => Assert.Throws<InvalidOperationException>(() => Crypt.Hash("x", "$2b$99$"));

    [Fact]
    public async Task Hash_IsBcryptOfTheCost_AndVerifies()
    {
        using var passwords = new PasswordHashing(Keys, 10, hasBcrypt: true);
        var hash = await passwords.HashAsync("a password", CancellationToken.None);
        Assert.Matches(@"^hs384\$2b\$10\$[./A-Za-z0-9]{53}$", hash);
        Assert.NotEqual(hash, await passwords.HashAsync("a password", CancellationToken.None));
        Assert.Equal(PasswordVerificationResult.Success, await passwords.VerifyAsync(hash, "a password", CancellationToken.None));
        Assert.Equal(PasswordVerificationResult.Failed, await passwords.VerifyAsync(hash, "A password", CancellationToken.None));
        Assert.Equal(PasswordVerificationResult.Failed, await passwords.VerifyAsync(null, "a password", CancellationToken.None));
    }

    [Fact]
    public async Task Verify_PasswordsThatDifferPast72Bytes_AreTwo()
    {
        using var passwords = new PasswordHashing(Keys, 10, hasBcrypt: true);
        var same = new string('x', 100);
        var hash = await passwords.HashAsync(same + "a", CancellationToken.None);
        Assert.Equal(PasswordVerificationResult.Failed, await passwords.VerifyAsync(hash, same + "b", CancellationToken.None));
        Assert.Equal(PasswordVerificationResult.Success, await passwords.VerifyAsync(hash, same + "a", CancellationToken.None));
        // bcrypt alone ends at a NUL.
        var withNul = await passwords.HashAsync("before\0after", CancellationToken.None);
        Assert.Equal(PasswordVerificationResult.Failed, await passwords.VerifyAsync(withNul, "before\0else", CancellationToken.None));
    }

    [Fact]
    public async Task Verify_WithAnotherInstallationsSecret_Fails()
    {
        using var ours = new PasswordHashing(Keys, 10, hasBcrypt: true);
        using var theirs = new PasswordHashing(new IdentityKeys([.. Enumerable.Repeat((byte)1, 32)]), 10, hasBcrypt: true);
        var hash = await ours.HashAsync("a password", CancellationToken.None);
        Assert.Equal(PasswordVerificationResult.Failed, await theirs.VerifyAsync(hash, "a password", CancellationToken.None));
    }

    [Fact]
    public async Task Verify_HashOfAnotherCostOrKind_IsToBeMadeAnew()
    {
        using var passwords = new PasswordHashing(Keys, 10, hasBcrypt: true);
        using var dearer = new PasswordHashing(Keys, 11, hasBcrypt: true);
        var hash = await passwords.HashAsync("a password", CancellationToken.None);
        Assert.Equal(PasswordVerificationResult.SuccessRehashNeeded, await dearer.VerifyAsync(hash, "a password", CancellationToken.None));
        var pbkdf2 = new PasswordHasher<object>(Options.Create(new PasswordHasherOptions { IterationCount = 1000 })).HashPassword(new object(), "a password");
        Assert.Equal(PasswordVerificationResult.SuccessRehashNeeded, await passwords.VerifyAsync(pbkdf2, "a password", CancellationToken.None));
        Assert.Equal(PasswordVerificationResult.Failed, await passwords.VerifyAsync(pbkdf2, "another", CancellationToken.None));
    }

    [Fact]
    public async Task Hash_WithoutCrypt_IsPbkdf2()
    {
        using var passwords = new PasswordHashing(Keys, 12, hasBcrypt: false);
        var hash = await passwords.HashAsync("a password", CancellationToken.None);
        // ASP.NET Identity's format 3: marker 1, then big-endian the PRF (2 is HMAC-SHA-512), iterations, salt length, salt, key.
        var bytes = Convert.FromBase64String(hash);
        Assert.Equal(1, bytes[0]);
        Assert.Equal(210_000u, System.Buffers.Binary.BinaryPrimitives.ReadUInt32BigEndian(bytes.AsSpan(5)));
        Assert.Equal(PasswordVerificationResult.Success, await passwords.VerifyAsync(hash, "a password", CancellationToken.None));
        Assert.Equal(PasswordVerificationResult.Failed, await passwords.VerifyAsync(null, "a password", CancellationToken.None));
    }
}
