using MassTransit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Movento.Contracts;
using Movento.Harness;
using Movento.Hosting;

namespace Movento.Tests.Hosting;

/// <summary>A process that checks access tokens apart from identity, which is asked what ended while nobody heard of it.</summary>
public sealed class MissedEndedSignInsTests : IAsyncDisposable
{
    private readonly Identity _identity = new();
    private IHost? _host;

    [Fact]
    public async Task Start_AfterSessionsHaveEnded_KnowsThem_HoweverMany()
    {
        _identity.Ended = [.. Enumerable.Range(0, 7).Select(_ => Guid.NewGuid()).Order()];
        var ended = await StartAsync();
        await Eventually.TrueAsync(() => _identity.Ended.All(ended.Contains), "every session that ended is known");
    }

    [Fact]
    public async Task Queue_ThatIsHeardAgain_AsksForWhatEndedMeanwhile()
    {
        var ended = await StartAsync();
        await Eventually.TrueAsync(() => _identity.Asked > 0, "identity is asked at the start");
        _identity.Ended = [Guid.NewGuid()];
        Assert.False(ended.Contains(_identity.Ended[0]));
        // What a broker that is back brings about: queues are heard anew.
        var again = _host!.Services.GetRequiredService<IBusControl>().ConnectReceiveEndpoint("again", (IReceiveEndpointConfigurator _) => { });
        await again.Ready;
        await Eventually.TrueAsync(() => ended.Contains(_identity.Ended[0]), "what ended meanwhile is known");
    }

    [Fact]
    public async Task Identity_ThatIsAway_IsAskedUntilItAnswers()
    {
        _identity.Ended = [Guid.NewGuid()];
        _identity.Failures = 2;
        var ended = await StartAsync();
        await Eventually.TrueAsync(() => ended.Contains(_identity.Ended[0]), "identity has answered");
        Assert.True(_identity.Asked > 2);
    }

    public async ValueTask DisposeAsync()
    {
        if (_host is null) return;
        await _host.StopAsync();
        _host.Dispose();
    }

    private async Task<EndedSignIns> StartAsync()
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddSingleton<EndedSignIns>();
        builder.Services.AddSingleton(_identity);
        builder.Services.AddHostedService<MissedEndedSignIns>();
        builder.Services.AddMassTransit(bus =>
        {
            bus.AddConsumer<Answering>();
            bus.UsingInMemory((context, memory) => memory.ConfigureEndpoints(context));
        });
        _host = builder.Build();
        await _host.StartAsync();
        return _host.Services.GetRequiredService<EndedSignIns>();
    }

    // Answers two at a time.
    private sealed class Identity
    {
        private int _asked;

        public IReadOnlyList<Guid> Ended { get; set; } = [];

        public int Failures { get; set; }

        public int Asked => Volatile.Read(ref _asked);

        public EndedSignInsAnswer Answer(Guid? after)
        {
            if (Interlocked.Increment(ref _asked) <= Failures) throw new InvalidOperationException("The database is away.");
            var rest = Ended.Where(id => after is null || id.CompareTo(after.Value) > 0).ToArray();
            return new EndedSignInsAnswer([.. rest.Take(2)], TimeProvider.System.GetUtcNow().AddMinutes(16), rest.Length <= 2);
        }
    }

    private sealed class Answering(Identity identity) : IConsumer<EndedSignInsQuestion>
    {
        public Task Consume(ConsumeContext<EndedSignInsQuestion> context) => context.RespondAsync(identity.Answer(context.Message.After));
    }
}
