using BenchmarkDotNet.Attributes;
using Movento.Edge.Observation.Playbacks;

namespace Movento.Benchmarks.Edge;

/// <summary>CMCD in the query of a segment's request, as hls.js sends it: found, decoded and read.</summary>
[MemoryDiagnoser]
public class ClientDataBenchmarks
{
    private const string VersionOne =
        "?CMCD=bl%3D21300%2Cbr%3D3200%2Cd%3D4004%2Cmtp%3D25400%2Cot%3Dv%2Csf%3Dh%2Csid%3D%226e2fb550-c457-11e9-bb97-0800200c9a66%22%2Cst%3Dv%2Ctb%3D6000";

    private const string VersionTwo =
        "?CMCD=bl%3D(21300)%2Cbr%3D(3200%3Bv%20128%3Ba)%2Cbs%3D(%3F1)%2Cbsd%3D(250%3Bv)%2Cd%3D4004%2Cmsd%3D900%2Cmtp%3D(25400)%2Cnor%3D(%22..%2Fv1080%2F12.m4s%22)%2Cot%3Dv%2C"
        + "pr%3D1.25%2Csf%3Dh%2Csid%3D%226e2fb550-c457-11e9-bb97-0800200c9a66%22%2Csn%3D7%2Cst%3Dv%2Csta%3Dp%2Ctb%3D(6000)%2Cv%3D2";

    private string _target = "";

    [Params(1, 2)]
    public int Version { get; set; }

    [GlobalSetup]
    public void Setup() =>
        _target = $"/{new string('A', 95)}/assets/0192f0c1a2b37c4d8e5f60718293a4b5/v1/v1080.mp4{(Version == 1 ? VersionOne : VersionTwo)}";

    [Benchmark]
    public bool Read()
    {
        Span<char> text = stackalloc char[ClientDataQuery.MaxLength];
        scoped var data = new ClientData();
        return ClientDataQuery.TryFind(_target, out var value) && ClientDataQuery.TryDecode(value, text, out var length) && ClientDataReader.TryRead(text[..length], ref data);
    }
}
