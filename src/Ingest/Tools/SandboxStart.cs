using Microsoft.Extensions.Hosting;

namespace Movento.Ingest.Tools;

/// <summary>Finds out about the sandbox before the worker claims its first job.</summary>
internal sealed class SandboxStart(ToolSandbox sandbox) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken) => sandbox.StartAsync(cancellationToken);

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
