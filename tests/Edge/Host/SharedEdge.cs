namespace Movento.Edge.Tests.Host;

/// <summary>One edge for all tests of a class that leave it as they found it.</summary>
public sealed class SharedEdge : IAsyncLifetime
{
    private EdgeHost? _host;

    internal EdgeHost Host => _host!;

    public async Task InitializeAsync() => _host = await EdgeHost.StartAsync();

    public async Task DisposeAsync() => await _host!.DisposeAsync();
}
