using BenchmarkDotNet.Attributes;
using Movento.Contracts;

namespace Movento.Benchmarks.Contracts;

/// <summary>What every request of the edge pays for its token, and what a grant pays to make one.</summary>
[MemoryDiagnoser]
public class PlaybackTokenBenchmarks
{
    private static readonly DateTimeOffset Now = DateTimeOffset.FromUnixTimeSeconds(1_800_000_000);
    private static readonly PlaybackKeyRing Keys = new(new Dictionary<byte, byte[]> { [1] = new byte[32] }, current: 1);
    private static readonly PlaybackClaims Claims = new(AssetId.New(Now), PlaybackScope.Presentation, Now.AddHours(1), Guid.Empty);

    private readonly PlaybackTokenSigner _signer = new(Keys);
    private readonly PlaybackTokenVerifier _verifier = new(Keys);
    private string _token = "";
    private string _forged = "";

    [GlobalSetup]
    public void Setup()
    {
        _token = _signer.Sign(Claims);
        _forged = _token[..50] + (_token[50] == 'A' ? 'B' : 'A') + _token[51..];
    }

    [Benchmark]
    public string Sign() => _signer.Sign(Claims);

    [Benchmark]
    public PlaybackTokenOutcome VerifyValid() => _verifier.Verify(_token, Now, out _);

    [Benchmark]
    public PlaybackTokenOutcome VerifyForged() => _verifier.Verify(_forged, Now, out _);

    [Benchmark]
    public PlaybackTokenOutcome VerifyMalformed() => _verifier.Verify("not-a-token", Now, out _);
}
