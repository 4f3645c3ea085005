using System.Diagnostics.Metrics;
using System.Net;
using BenchmarkDotNet.Attributes;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using Movento.Contracts;
using Movento.Edge;
using Movento.Edge.Observation;
using Movento.Edge.Observation.Playbacks;
using Movento.Edge.Observation.Requests;

namespace Movento.Benchmarks.Edge;

/// <summary>What a request costs because it is seen: figures alone, then with its line in the access log (taken out again), then with CMCD too.</summary>
[MemoryDiagnoser]
public class RequestObserverBenchmarks
{
    private static readonly string Path = $"/{new string('A', 95)}/assets/0192f0c1a2b37c4d8e5f60718293a4b5/v1/v1080.mp4";

    private readonly DefaultHttpContext _context = new();
    private ServiceProvider _services = null!;
    private AccessLog _log = null!;
    private RequestObserver _observer = null!;

    [Params("figures", "log", "cmcd")]
    public string With { get; set; } = "";

    [GlobalSetup]
    public void Setup()
    {
        _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
        var options = new EdgeOptions();
        if (With != "figures") options.AccessLog.Path = "access.log";
        var metrics = new EdgeMetrics(_services.GetRequiredService<IMeterFactory>());
        _log = new AccessLog(options, metrics, TimeProvider.System);
        var table = new PlaybackTable(options, metrics, TimeProvider.System, [new Nowhere()]);
        _observer = new RequestObserver(metrics, _log, new PlaybackObserver(table, metrics), TimeProvider.System);

        var request = _context.Features.GetRequiredFeature<IHttpRequestFeature>();
        request.RawTarget = With == "cmcd" ? $"{Path}?CMCD=bl%3D21300%2Cbr%3D3200%2Cd%3D4004%2Cmtp%3D25400%2Cot%3Dv%2Csf%3Dh%2Csid%3D%226e2fb550%22%2Cst%3Dv%2Ctb%3D6000" : Path;
        (request.Method, request.Protocol) = ("GET", "HTTP/1.1");
        request.Headers.Range = "bytes=0-999";
        request.Headers.UserAgent = "a player";
        _context.Connection.RemoteIpAddress = IPAddress.Loopback;
    }

    [Benchmark]
    public bool Observe()
    {
        var observed = _observer.Begin();
        _observer.Found(observed, CacheTier.Memory);
        _observer.End(_context, observed, EdgeOutcome.Partial, 1000);
        return _log.Records?.TryRead(out _) ?? false;
    }

    [GlobalCleanup]
    public void Remove() => _services.Dispose();

    private sealed class Nowhere : IPlaybackReports
    {
        public Task SendAsync(PlaybacksObserved message, CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
