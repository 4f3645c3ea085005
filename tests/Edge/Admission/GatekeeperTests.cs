using Movento.Contracts;
using Movento.Edge.Admission;
using Movento.Edge.Tests.Admission.CommonAccess;
using Movento.Edge.Tests.Host;
using Movento.Harness;

namespace Movento.Edge.Tests.Admission;

public class GatekeeperTests : IClassFixture<MintedTokens>
{
    private static readonly string Path = $"/assets/{Film.Asset}/v1/v720.mp4";
    private static readonly byte[] Secret = Enumerable.Repeat((byte)1, 32).ToArray();

    private readonly MovableClock _clock = new();
    private readonly PlaybackKeys _keys = new(new PlaybackKeyRing(new Dictionary<byte, byte[]> { [1] = Secret }, 1, [MintedTokens.Key]));
    private readonly RevokedSessions _revoked;
    private readonly Gatekeeper _gatekeeper;

    private readonly MintedTokens _minted;

    public GatekeeperTests(MintedTokens minted)
    {
        _minted = minted;
        _revoked = new RevokedSessions(_clock);
        _gatekeeper = new Gatekeeper(_keys, _revoked, new AdmissionOptions(), _clock);
    }

    [Fact]
    public void Refuse_ARememberedToken_AllocatesNothing()
    {
        foreach (var token in new[] { Token(Guid.NewGuid()), _minted["edge"] })
        {
            var target = $"/{token}{Path}";
            Assert.Null(Refuse(target, Loopback, out _));
            Assert.Equal(0, Allocations.Of(() => Refuse(target, Loopback, out _)));
        }
    }

    [Fact]
    public void Refuse_AForgedToken_AllocatesNothing()
    {
        var token = Token(Guid.NewGuid());
        var target = $"/{token[..50]}{(token[50] == 'A' ? 'B' : 'A')}{token[51..]}{Path}";
        Assert.Equal(EdgeOutcome.TokenForged, Refuse(target, Loopback, out _));
        Assert.Equal(0, Allocations.Of(() => Refuse(target, Loopback, out _)));
    }

    [Fact]
    public void Refuse_AGoodToken_SaysWhatItWasLetInWith()
    {
        var session = Guid.NewGuid();
        Assert.Null(Refuse($"/{Token(session, maxHeight: 720)}{Path}", default, out var admitted));
        Assert.Equal(new Admitted(session, 720), admitted);
        Assert.True(admitted.Allows(720));
        Assert.True(admitted.Allows(0));
        Assert.False(admitted.Allows(721));
        Assert.Null(Refuse($"/{_minted["edge"]}{Path}", Loopback, out admitted));
        Assert.Equal(new Admitted(Guid.ParseExact(MintedTokens.Session, "N"), 0), admitted);
    }

    [Fact]
    public void Refuse_AfterARevocation_UntilItsTokensHaveExpired()
    {
        var (session, other) = (Guid.NewGuid(), Guid.NewGuid());
        var (target, others) = ($"/{Token(session)}{Path}", $"/{Token(other)}{Path}");
        Assert.Null(Refuse(target, default, out _));
        _revoked.Add(new PlaybackRevoked(session, _clock.GetUtcNow().AddHours(1)));
        Assert.Equal(EdgeOutcome.Revoked, Refuse(target, default, out var admitted));
        Assert.Equal(default, admitted);
        Assert.Null(Refuse(others, default, out _));

        _revoked.Add(new PlaybackRevoked(Film.Asset.Value, _clock.GetUtcNow().AddHours(1)));
        Assert.Equal(EdgeOutcome.Revoked, Refuse(others, default, out _));

        _clock.Advance(TimeSpan.FromHours(2));
        Assert.Equal(EdgeOutcome.TokenExpired, Refuse(target, default, out _));
        _revoked.Sweep();
        Assert.Equal(0, _revoked.Count);
    }

    [Fact]
    public void Refuse_AfterTheSignInIsOver_EveryTokenGrantedInIt()
    {
        var (signIn, other) = (Guid.NewGuid(), Guid.NewGuid());
        string[] closed = [$"/{Token(Guid.NewGuid(), signIn: signIn)}{Path}", $"/{Token(Guid.NewGuid(), signIn: signIn)}{Path}"];
        string[] open = [$"/{Token(Guid.NewGuid(), signIn: other)}{Path}", $"/{Token(Guid.NewGuid())}{Path}"];
        Assert.All([closed[0], .. open], target => Assert.Null(Refuse(target, default, out _)));

        _revoked.Add(new PlaybackRevoked(signIn, _clock.GetUtcNow().AddHours(1)));
        Assert.All(closed, target => Assert.Equal(EdgeOutcome.Revoked, Refuse(target, default, out _)));
        Assert.All(open, target => Assert.Null(Refuse(target, default, out _)));
        Assert.Equal(0, Allocations.Of(() => Refuse(open[0], default, out _)));
        Assert.Equal(0, Allocations.Of(() => Refuse(closed[0], default, out _)));
    }

    [Fact]
    public void Refuse_AMintedToken_BeforeItsTimeSaysSo()
    {
        _clock.Advance(DateTimeOffset.FromUnixTimeSeconds(MintedTokens.Expires - 120) - _clock.GetUtcNow());
        var target = $"/{_minted["not yet"]}{Path}";
        Assert.Equal(EdgeOutcome.TokenNotYetValid, Refuse(target, default, out _));
        _clock.Advance(TimeSpan.FromSeconds(61));
        Assert.Null(Refuse(target, default, out _));
        _clock.Advance(TimeSpan.FromSeconds(60));
        Assert.Equal(EdgeOutcome.TokenExpired, Refuse(target, default, out _));
    }

    private static Visitor Loopback => new() { Address = NetworkPrefix.ToNumber(System.Net.IPAddress.Loopback), Method = "GET" };

    private string Token(Guid session, ushort maxHeight = 0, Guid signIn = default) => new PlaybackTokenSigner(_keys).Sign(
        new PlaybackClaims(Film.Asset, PlaybackScope.Presentation, _clock.GetUtcNow().AddHours(1), session) { MaxHeight = maxHeight, SignIn = signIn });

    private EdgeOutcome? Refuse(string target, in Visitor visitor, out Admitted admitted)
    {
        Assert.True(EdgeUrl.TryParse(EdgeUrl.PathOf(target), out var url));
        return _gatekeeper.Refuse(url, visitor, out admitted);
    }
}
