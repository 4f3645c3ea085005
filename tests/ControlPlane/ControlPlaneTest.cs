namespace Movento.ControlPlane.Tests;

/// <summary>A test of the shared control plane, which it finds fresh.</summary>
[Collection(ControlPlaneCollection.Name)]
public abstract class ControlPlaneTest(ControlPlaneFixture fixture) : IAsyncLifetime
{
    protected ControlPlaneApp App => fixture.App;

    public async Task InitializeAsync()
    {
        await fixture.ResetAsync();
        Configure(App.Options);
    }

    public Task DisposeAsync() => Task.CompletedTask;

    /// <summary>What the limits are in these tests.</summary>
    protected virtual void Configure(ControlPlaneOptions options)
    {
    }
}
