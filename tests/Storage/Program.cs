using Movento.Storage.Files;

namespace Movento.Storage.Tests;

/// <summary>Starts a put that never ends (<c>FOLDER KEY</c>), to be killed in the middle of it.</summary>
public static class Program
{
    public const string InTheMiddle = "in the middle";

    public static async Task Main(string[] arguments)
    {
        ArgumentNullException.ThrowIfNull(arguments);
        using var store = new FileObjectStore(new FileStorageOptions { Folder = arguments[0] }, TimeProvider.System);
        var content = new PausedStream();
        var put = store.PutAsync(arguments[1], content, "text/plain", CancellationToken.None);
        await content.Reached;
        Console.WriteLine(InTheMiddle);
        await put;
    }
}
