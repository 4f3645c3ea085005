using BenchmarkDotNet.Attributes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.OutputCaching;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Movento.Edge;
using Movento.Edge.Cache;

namespace Movento.Benchmarks.Edge;

/// <summary>A hit on a manifest of 2 KB: in the edge's cache of documents, and in ASP.NET's output cache, which docs/decisions/0014 leaves to the API.</summary>
[MemoryDiagnoser]
public class ManifestCacheBenchmarks
{
    private const string Path = "/assets/0192f0c1a2b37c4d8e5f60718293a4b5/v1/master.m3u8";

    private static readonly byte[] Manifest = new byte[2048];

    private readonly DocumentCache<string, byte[]> _documents = new(
        1 << 20, TimeSpan.FromSeconds(2), TimeProvider.System, _ => Task.FromResult<(byte[]?, EdgeOutcome?)>((Manifest, null)), manifest => manifest.Length);

    private readonly DefaultHttpContext _context = new();
    private RequestDelegate _cached = null!;
    private RequestDelegate _plain = null!;

    [GlobalSetup]
    public async Task SetupAsync()
    {
        var services = new ServiceCollection()
            .AddSingleton(typeof(Microsoft.Extensions.Logging.ILogger<>), typeof(NullLogger<>))
            .AddSingleton<Microsoft.Extensions.Logging.ILoggerFactory>(NullLoggerFactory.Instance)
            .AddOutputCache(options => options.AddBasePolicy(new Always()))
            .BuildServiceProvider();
        _context.RequestServices = services;
        _context.Response.Body = Stream.Null;
        _context.Request.Method = HttpMethods.Get;
        _context.Request.Scheme = "http";
        _context.Request.Host = new HostString("edge.example");
        _context.Request.Path = Path;
        var builder = new ApplicationBuilder(services);
        builder.Run(AnswerAsync);
        _plain = builder.Build();
        builder = new ApplicationBuilder(services);
        builder.UseOutputCache();
        builder.Run(AnswerAsync);
        _cached = builder.Build();

        await _documents.GetAsync(Path, CancellationToken.None);
        await OutputCacheHit();
        _context.Response.Headers.Clear();
        await OutputCacheHit();
        if (!_context.Response.Headers.ContainsKey("Age")) throw new InvalidOperationException("The output cache does not answer.");
    }

    /// <summary>The edge's own.</summary>
    [Benchmark]
    public object? DocumentHit() => _documents.TryGet(Path);

    /// <summary>ASP.NET's, in memory: its key, its lookup, its headers, the body written.</summary>
    [Benchmark]
    public Task OutputCacheHit()
    {
        _context.Response.Headers.Clear();
        return _cached(_context);
    }

    /// <summary>The same pipeline without it: what of that figure is the pipeline's own.</summary>
    [Benchmark]
    public Task WithoutACache()
    {
        _context.Response.Headers.Clear();
        return _plain(_context);
    }

    private static Task AnswerAsync(HttpContext context)
    {
        context.Response.ContentLength = Manifest.Length;
        context.Response.ContentType = "application/vnd.apple.mpegurl";
        return context.Response.Body.WriteAsync(Manifest).AsTask();
    }

    private sealed class Always : IOutputCachePolicy
    {
        public ValueTask CacheRequestAsync(OutputCacheContext context, CancellationToken cancellation)
        {
            (context.EnableOutputCaching, context.AllowCacheLookup, context.AllowCacheStorage, context.AllowLocking) = (true, true, true, true);
            context.ResponseExpirationTimeSpan = TimeSpan.FromHours(1);
            return ValueTask.CompletedTask;
        }

        public ValueTask ServeFromCacheAsync(OutputCacheContext context, CancellationToken cancellation) => ValueTask.CompletedTask;

        public ValueTask ServeResponseAsync(OutputCacheContext context, CancellationToken cancellation) => ValueTask.CompletedTask;
    }
}
