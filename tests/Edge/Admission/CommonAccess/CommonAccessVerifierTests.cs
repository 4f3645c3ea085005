using System.Buffers.Text;
using System.Formats.Cbor;
using System.Security.Cryptography;
using Movento.Contracts;
using Movento.Edge.Admission.CommonAccess;

namespace Movento.Edge.Tests.Admission.CommonAccess;

public class CommonAccessVerifierTests(MintedTokens minted) : IClassFixture<MintedTokens>
{
    private readonly CommonAccessVerifier _verifier = new([MintedTokens.Key]);

    [Fact]
    public void Verify_PlainMintedToken_IsGood()
    {
        Assert.Null(_verifier.Verify(minted["plain"], MintedTokens.Now, out var claims));
        Assert.Equal(DateTimeOffset.FromUnixTimeSeconds(MintedTokens.Expires), claims!.Expires);
        Assert.Equal(MintedTokens.Issuer, claims.Issuer);
        Assert.Equal(Guid.Empty, claims.Session);
        Assert.True(claims is { Uri.IsEmpty: true, Methods.IsDefault: true, Networks.IsDefault: true });
    }

    [Fact]
    public void Verify_MintedTokenWithEverything_ReadsEveryClaim()
    {
        Assert.Null(_verifier.Verify(minted["everything"], MintedTokens.Now, out var claims));
        Assert.Equal(DateTimeOffset.FromUnixTimeSeconds(MintedTokens.Expires - 3600), claims!.NotBefore);
        Assert.Equal(Guid.ParseExact(MintedTokens.Session, "N"), claims.Session);
        Assert.Equal(["GET", "HEAD"], claims.Methods.ToArray());
        Assert.Equal(["192.0.2.0/24", "203.0.113.7/32", "2001:db8::/32"], claims.Networks.Select(network => network.ToString()));
        Assert.Equal(
            [
                (UriComponent.Scheme, UriMatchKind.Exact), (UriComponent.Host, UriMatchKind.Suffix), (UriComponent.Port, UriMatchKind.Exact),
                (UriComponent.Path, UriMatchKind.Prefix), (UriComponent.ParentPath, UriMatchKind.Contains), (UriComponent.FileName, UriMatchKind.Sha256),
                (UriComponent.Stem, UriMatchKind.Exact), (UriComponent.Extension, UriMatchKind.Exact),
            ],
            claims.Uri.Select(condition => (condition.Component, condition.Kind)).OrderBy(condition => condition.Component));
    }

    [Theory]
    [InlineData("not yet", null)] // whoever holds it later may
    [InlineData("another issuer", EdgeOutcome.TokenOfAnotherIssuer)]
    [InlineData("no issuer", EdgeOutcome.TokenOfAnotherIssuer)]
    [InlineData("no expiry", EdgeOutcome.TokenMalformed)]
    [InlineData("another version", EdgeOutcome.TokenUnknownClaim)]
    [InlineData("audience", EdgeOutcome.TokenUnknownClaim)]
    [InlineData("replay", EdgeOutcome.TokenUnknownClaim)]
    [InlineData("renewal", EdgeOutcome.TokenUnknownClaim)]
    [InlineData("country", EdgeOutcome.TokenUnknownClaim)]
    [InlineData("query", EdgeOutcome.TokenUnknownClaim)]
    [InlineData("regex", EdgeOutcome.TokenUnknownClaim)]
    public void Verify_MintedTokenThatIsNotForUs_SaysWhy(string name, EdgeOutcome? outcome)
    {
        Assert.Equal(outcome, _verifier.Verify(minted[name], MintedTokens.Now, out var claims));
        Assert.Equal(outcome is null, claims is not null);
    }

    [Fact]
    public void Verify_Expired_SaysSo()
    {
        var end = DateTimeOffset.FromUnixTimeSeconds(MintedTokens.Expires);
        Assert.Null(_verifier.Verify(minted["plain"], end.AddTicks(-1), out _));
        Assert.Equal(EdgeOutcome.TokenExpired, _verifier.Verify(minted["plain"], end, out var claims));
        Assert.Null(claims);
    }

    [Fact]
    public void Verify_WithOtherKeys_SaysWhichIsWrong()
    {
        Assert.Equal(EdgeOutcome.TokenMalformed, new CommonAccessVerifier([]).Verify(minted["plain"], MintedTokens.Now, out _));
        Assert.Equal(
            EdgeOutcome.TokenUnknownKey,
            new CommonAccessVerifier([new CommonAccessTokenKey("other", MintedTokens.Issuer, MintedTokens.Secret)]).Verify(minted["plain"], MintedTokens.Now, out _));
        Assert.Equal(
            EdgeOutcome.TokenForged,
            new CommonAccessVerifier([new CommonAccessTokenKey(MintedTokens.KeyId, MintedTokens.Issuer, new byte[32])]).Verify(minted["plain"], MintedTokens.Now, out _));
        Assert.Null(new CommonAccessVerifier([new CommonAccessTokenKey("other", null, new byte[32]), MintedTokens.Key]).Verify(minted["plain"], MintedTokens.Now, out _));
    }

    [Theory]
    [InlineData("plain")]
    [InlineData("everything")]
    public void Verify_100000Mutations_NoneIsLetThrough(string name)
    {
        // A fixed seed: a failure repeats itself. A third changes characters, a third bytes; a third cuts bytes out or puts some in.
        const string Alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
        var random = new Random(20261126);
        var text = minted[name];
        var original = Base64Url.DecodeFromChars(text);
        for (var round = 0; round < 50_000; round++)
        {
            string mutated;
            switch (round % 3)
            {
                case 0:
                    var characters = text.ToCharArray();
                    for (var changes = random.Next(1, 4); changes > 0; changes--) characters[random.Next(characters.Length)] = Alphabet[random.Next(Alphabet.Length)];
                    mutated = new string(characters);
                    break;
                case 1:
                    var bytes = original.ToArray();
                    for (var changes = random.Next(1, 4); changes > 0; changes--) bytes[random.Next(bytes.Length)] ^= (byte)random.Next(1, 256);
                    mutated = Base64Url.EncodeToString(bytes);
                    break;
                default:
                    var from = random.Next(original.Length);
                    var to = random.Next(from, Math.Min(original.Length, from + 8));
                    var put = new byte[random.Next(4)];
                    random.NextBytes(put);
                    mutated = Base64Url.EncodeToString([.. original.AsSpan(0, from), .. put, .. original.AsSpan(to)]);
                    break;
            }

            if (mutated == text) continue;
            Assert.True(_verifier.Verify(mutated, MintedTokens.Now, out var claims) is not null && claims is null, $"Round {round}: {mutated}");
        }
    }

    [Fact]
    public void Verify_EveryTruncationAndEveryFlippedBit_IsRefused()
    {
        var text = minted["everything"];
        for (var length = 0; length < text.Length; length++) Assert.NotNull(_verifier.Verify(text.AsSpan(0, length), MintedTokens.Now, out _));
        var bytes = Base64Url.DecodeFromChars(text);
        for (var bit = 0; bit < bytes.Length * 8; bit++)
        {
            bytes[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.NotNull(_verifier.Verify(Base64Url.EncodeToString(bytes), MintedTokens.Now, out _));
            bytes[bit / 8] ^= (byte)(1 << (bit % 8));
        }
    }

    // What only whoever has the key could write, and no other COSE than that.
    public static TheoryData<string, string> Hostile => new()
    {
        { "", "TokenMalformed" }, // no map
        { "80", "TokenMalformed" },
        { "A0", "TokenMalformed" }, // no expiry
        { "A1041A6B0F5F80", "TokenOfAnotherIssuer" },
        { "A2041A6B0F5F80041A6B0F5F80", "TokenMalformed" }, // twice
        { "A104FB41DAC3D7E0000000", "TokenMalformed" }, // a fraction
        { "A1041BFFFFFFFFFFFFFFFF", "TokenMalformed" }, // beyond the calendar
        { "A10420", "TokenMalformed" }, // before 1970
        { "A163657870" + "1A6B0F5F80", "TokenUnknownClaim" }, // "exp" in words
        { "A11B7FFFFFFFFFFFFFFF00", "TokenMalformed" }, // a label beyond 32 bits
        { "BF041A6B0F5F80", "TokenMalformed" }, // never closed
        { "A219013981" + "9F9F9F9F9F9F9F9F", "TokenMalformed" }, // arrays without end where a method belongs
        { "A1190137" + "9B7FFFFFFFFFFFFFFF", "TokenMalformed" }, // more networks than bytes
        { "A1190137" + "81D83482182144C0000200", "TokenMalformed" }, // more bits than an address
        { "A1190137" + "81D8344BC0000200C0000200C00002", "TokenMalformed" },
        { "A1190137" + "81C100", "TokenMalformed" }, // another tag
        { "A1190138" + "A104A1005F", "TokenUnknownClaim" }, // the query
        { "A1190138" + "A103A100" + "7B7FFFFFFFFFFFFFFF", "TokenMalformed" }, // a text longer than the token
        { "A1190138" + "A103A120" + "4100", "TokenMalformed" }, // a short hash
        { "A1041A6B0F5F8000", "TokenMalformed" }, // something after it
    };

    [Theory]
    [MemberData(nameof(Hostile))]
    public void Verify_SignedNonsense_IsRefusedByName(string payload, string outcome)
    {
        var token = Signed(Convert.FromHexString(payload));
        Assert.Equal(Enum.Parse<EdgeOutcome>(outcome), _verifier.Verify(token, MintedTokens.Now, out var claims));
        Assert.Null(claims);
    }

    [Theory]
    [InlineData("A10105", "A0", "TokenMalformed")] // no key
    [InlineData("A10104", "A1044D6D6F76656E746F2D7465737473", "TokenMalformed")] // HMAC 256/64
    [InlineData("A0", "A1044D6D6F76656E746F2D7465737473", "TokenMalformed")] // no algorithm
    [InlineData("", "A1044D6D6F76656E746F2D7465737473", "TokenMalformed")]
    [InlineData("A10105", "A2044D6D6F76656E746F2D74657374730500", "TokenMalformed")] // another header
    [InlineData("A2010518208100", "A1044D6D6F76656E746F2D7465737473", "TokenMalformed")]
    [InlineData("A201050444FFFFFFFF", "A1044D6D6F76656E746F2D7465737473", "TokenMalformed")] // two keys
    [InlineData("A10105", "A104446E6F6E65", "TokenUnknownKey")]
    public void Verify_OtherHeads_AreRefusedByName(string head, string unsignedHead, string outcome)
    {
        var payload = PlainPayload();
        Assert.Equal(
            Enum.Parse<EdgeOutcome>(outcome),
            _verifier.Verify(Signed(payload, Convert.FromHexString(head), Convert.FromHexString(unsignedHead)), MintedTokens.Now, out _));
    }

    [Fact]
    public void Verify_TheKeysIdInTheSignedHead_IsFound()
    {
        var head = Convert.FromHexString("A20105044D" + Convert.ToHexString("movento-tests"u8));
        Assert.Null(_verifier.Verify(Signed(PlainPayload(), head, [0xA0]), MintedTokens.Now, out _));
    }

    [Fact]
    public void Verify_WithoutItsTags_IsMalformed()
    {
        // Nobody signs the tags: with them and without would be two texts of one token.
        var bytes = Base64Url.DecodeFromChars(minted["plain"]);
        Assert.Equal(EdgeOutcome.TokenMalformed, _verifier.Verify(Base64Url.EncodeToString(bytes.AsSpan(2)), MintedTokens.Now, out _));
        Assert.Equal(EdgeOutcome.TokenMalformed, _verifier.Verify(Base64Url.EncodeToString(bytes.AsSpan(3)), MintedTokens.Now, out _));
    }

    [Fact]
    public void Verify_TooLong_IsMalformed() =>
        Assert.Equal(EdgeOutcome.TokenMalformed, _verifier.Verify(new string('2', CommonAccessVerifier.MaxTextLength + 1), MintedTokens.Now, out _));

    private static byte[] PlainPayload()
    {
        var payload = new CborWriter();
        payload.WriteStartMap(2);
        payload.WriteInt32(1);
        payload.WriteTextString(MintedTokens.Issuer);
        payload.WriteInt32(4);
        payload.WriteInt64(MintedTokens.Expires);
        payload.WriteEndMap();
        return payload.Encode();
    }

    private static string Signed(byte[] payload) =>
        Signed(payload, Convert.FromHexString("A10105"), Convert.FromHexString("A1044D6D6F76656E746F2D7465737473"));

    private static string Signed(byte[] payload, byte[] head, byte[] unsignedHead)
    {
        var structure = new CborWriter();
        structure.WriteStartArray(4);
        structure.WriteTextString("MAC0");
        structure.WriteByteString(head);
        structure.WriteByteString([]);
        structure.WriteByteString(payload);
        structure.WriteEndArray();
        var token = new CborWriter();
        token.WriteTag((CborTag)61);
        token.WriteTag((CborTag)17);
        token.WriteStartArray(4);
        token.WriteByteString(head);
        token.WriteEncodedValue(unsignedHead);
        token.WriteByteString(payload);
        token.WriteByteString(HMACSHA256.HashData(MintedTokens.Secret, structure.Encode()));
        token.WriteEndArray();
        return Base64Url.EncodeToString(token.Encode());
    }
}
