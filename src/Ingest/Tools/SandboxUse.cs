namespace Movento.Ingest.Tools;

/// <summary>Whether the tools that see uploads run in a sandbox.</summary>
public enum SandboxUse
{
    /// <summary>Where bubblewrap is present and permitted.</summary>
    Auto,

    /// <summary>Always: without it, no worker starts.</summary>
    Required,

    /// <summary>Never; only the limits hold.</summary>
    Off,
}

/// <summary>The sandbox is required and cannot be had here.</summary>
public sealed class SandboxMissingException(string why)
    : Exception($"Movento:Ingest:Sandbox is required, and tools cannot run in it: {why} Install bubblewrap, permit user namespaces, or set it to auto.");
