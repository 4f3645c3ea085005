using System.Buffers.Text;
using System.Formats.Cbor;
using System.Net;
using System.Security.Cryptography;
using BenchmarkDotNet.Attributes;
using Movento.Contracts;
using Movento.Edge;
using Movento.Edge.Admission;

namespace Movento.Benchmarks.Edge;

/// <summary>What every request of the edge pays to be let in: its token, seen before or for the first time, and its limits.</summary>
[MemoryDiagnoser]
public class AdmissionBenchmarks
{
    private const int Tokens = 4096;

    private static readonly byte[] Secret = Enumerable.Range(0, 32).Select(value => (byte)value).ToArray();
    private static readonly AssetId Asset = AssetId.Parse("0192f0c1a2b37c4d8e5f60718293a4b5");

    private readonly PlaybackKeys _keys = new(new PlaybackKeyRing(
        new Dictionary<byte, byte[]> { [1] = Secret }, 1, [new CommonAccessTokenKey("key", "issuer", Secret)]));

    private readonly string[] _targets = new string[Tokens];
    private readonly UInt128 _address = NetworkPrefix.ToNumber(IPAddress.Parse("192.0.2.1"));
    private readonly Guid _session = Guid.NewGuid();
    private string _commonAccess = "";
    private string _forged = "";
    private Gatekeeper _gatekeeper = null!;
    private Turnstile _turnstile = null!;
    private int _next;

    [GlobalSetup]
    public void Setup()
    {
        _gatekeeper = new Gatekeeper(_keys, new RevokedSessions(TimeProvider.System), new AdmissionOptions(), TimeProvider.System);
        _turnstile = new Turnstile(
            new LimitOptions { SessionRequests = int.MaxValue, AddressRequests = int.MaxValue, SessionBytes = 1L << 40, AddressBytes = 1L << 40 }, TimeProvider.System);
        var signer = new PlaybackTokenSigner(_keys);
        var expires = TimeProvider.System.GetUtcNow().AddDays(1);
        for (var token = 0; token < Tokens; token++)
            _targets[token] = $"/{signer.Sign(new PlaybackClaims(Asset, PlaybackScope.Presentation, expires, Guid.NewGuid()))}/assets/{Asset}/v1/v1080.mp4";
        var known = _targets[0];
        _forged = $"{known[..50]}{(known[50] == 'A' ? 'B' : 'A')}{known[51..]}";
        _commonAccess = $"/{CommonAccessToken(expires.ToUnixTimeSeconds())}/assets/{Asset}/v1/v1080.mp4";
        foreach (var target in _targets.Append(_commonAccess))
        {
            if (Refuse(target) is { } refusal) throw new InvalidOperationException($"{target} is {refusal}.");
        }
    }

    /// <summary>A token that was seen before, of 4,096 in turn.</summary>
    [Benchmark]
    public EdgeOutcome? Hit() => Refuse(_targets[_next++ & (Tokens - 1)]);

    /// <summary>A Common Access Token that was seen before, with a path, a method and a network.</summary>
    [Benchmark]
    public EdgeOutcome? CommonAccessHit() => Refuse(_commonAccess);

    /// <summary>A token that nobody signed: what a first look costs, an HMAC.</summary>
    [Benchmark]
    public EdgeOutcome? Miss() => Refuse(_forged);

    /// <summary>Both limits of a request, when it comes and when it goes.</summary>
    [Benchmark]
    public EdgeOutcome? Limits()
    {
        var refused = _turnstile.EnterAddress(_address, out var pass, out _) ?? _turnstile.EnterSession(_session, ref pass, out _);
        _turnstile.Leave(pass, 1 << 16);
        return refused;
    }

    private EdgeOutcome? Refuse(string target) => EdgeUrl.TryParse(EdgeUrl.PathOf(target), out var url)
        ? _gatekeeper.Refuse(url, new Visitor { Address = _address, Method = "GET" }, out _)
        : EdgeOutcome.NotFound;

    private static string CommonAccessToken(long expires)
    {
        var claims = new CborWriter();
        claims.WriteStartMap(5);
        claims.WriteInt32(1);
        claims.WriteTextString("issuer");
        claims.WriteInt32(4);
        claims.WriteInt64(expires);
        claims.WriteInt32(311);
        claims.WriteStartArray(1);
        claims.WriteTag((CborTag)52);
        claims.WriteStartArray(2);
        claims.WriteInt32(24);
        claims.WriteByteString([192, 0, 2, 0]);
        claims.WriteEndArray();
        claims.WriteEndArray();
        claims.WriteInt32(312);
        claims.WriteStartMap(1);
        claims.WriteInt32(3);
        claims.WriteStartMap(1);
        claims.WriteInt32(1);
        claims.WriteTextString($"/assets/{Asset}/");
        claims.WriteEndMap();
        claims.WriteEndMap();
        claims.WriteInt32(313);
        claims.WriteStartArray(1);
        claims.WriteTextString("GET");
        claims.WriteEndArray();
        claims.WriteEndMap();
        var payload = claims.Encode();
        byte[] head = [0xA1, 0x01, 0x05];
        var signed = new CborWriter();
        signed.WriteStartArray(4);
        signed.WriteTextString("MAC0");
        signed.WriteByteString(head);
        signed.WriteByteString([]);
        signed.WriteByteString(payload);
        signed.WriteEndArray();
        var token = new CborWriter();
        token.WriteTag((CborTag)61);
        token.WriteTag((CborTag)17);
        token.WriteStartArray(4);
        token.WriteByteString(head);
        token.WriteStartMap(1);
        token.WriteInt32(4);
        token.WriteByteString("key"u8);
        token.WriteEndMap();
        token.WriteByteString(payload);
        token.WriteByteString(HMACSHA256.HashData(Secret, signed.Encode()));
        token.WriteEndArray();
        return Base64Url.EncodeToString(token.Encode());
    }
}
