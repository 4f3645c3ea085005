namespace Movento.Harness;

/// <summary>A new folder below the system's temporary one, removed with everything in it at the end.</summary>
public sealed class TemporaryFolder : IDisposable
{
    public TemporaryFolder()
    {
        FullName = Directory.CreateTempSubdirectory("movento-test-").FullName;
        // As root, PostgreSQL and RabbitMQ run as users of their own, who must be able to pass through.
        File.SetUnixFileMode(
            FullName,
            UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute);
    }

    /// <summary>Its absolute path.</summary>
    public string FullName { get; }

    /// <summary>A path inside it.</summary>
    public string Combine(params ReadOnlySpan<string> parts) => Path.Combine([FullName, .. parts]);

    /// <inheritdoc/>
    public void Dispose() => Directory.Delete(FullName, recursive: true);
}
