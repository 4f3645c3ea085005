namespace Movento.ControlPlane.Tests;

/// <summary>A test with a control plane of its own, over empty databases.</summary>
[Collection(ControlPlaneCollection.Name)]
public abstract class ControlPlaneTest(ControlPlaneDatabases databases) : IAsyncLifetime
{
    private ControlPlaneApp? _app;

    protected ControlPlaneDatabases Databases => databases;

    protected ControlPlaneApp App => _app!;

    public virtual async Task InitializeAsync()
    {
        await databases.EmptyAsync();
        _app = await ControlPlaneApp.StartAsync(databases.Identity, databases.Catalogue, Configure);
    }

    public async Task DisposeAsync() => await _app!.DisposeAsync();

    /// <summary>What this test's options differ in.</summary>
    protected virtual void Configure(ControlPlaneOptions options)
    {
    }
}
